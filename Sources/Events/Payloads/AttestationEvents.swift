import CanonicalJSON

/// Tokens of an issuer count from here on, if they are for this audience and signed by one of these
/// keys; the same issuer again replaces what was said of it before.
package struct AccessIssuerAdded: EventPayload {
  package static let kind: EventKind = "access.issuer_added.v1"

  /// Whom the tokens have to be for.
  package let audience: MachineWords
  /// Its URL, as its tokens spell it.
  package let issuer: MachineWords
  /// Pinned: at least one, of different ``IssuerKey/kid``.
  package let keys: [IssuerKey]
  package let reason: Sealed?
  package let ticket: Ticket?

  package init(
    issuer: MachineWords, audience: MachineWords, keys: [IssuerKey], reason: Sealed? = nil,
    ticket: Ticket? = nil
  ) {
    self.audience = audience
    self.issuer = issuer
    self.keys = keys
    self.reason = reason
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    audience = try fields.take("audience")
    issuer = try fields.take("issuer")
    keys = try fields.take("keys")
    reason = try fields.takeOptional("reason")
    ticket = try fields.takeOptional("ticket")
    guard !keys.isEmpty, Set(keys.map(\.kid)).count == keys.count else {
      throw FormFault.field(path: "keys", expected: "one key at least, and no kid twice")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("audience", audience)
    fields.put("issuer", issuer)
    fields.put("keys", keys)
    fields.put("reason", reason)
    fields.put("ticket", ticket)
  }
}

/// No token of an issuer counts any more.
package struct AccessIssuerRemoved: EventPayload {
  package static let kind: EventKind = "access.issuer_removed.v1"

  package let issuer: MachineWords
  package let reason: Sealed?
  package let ticket: Ticket?

  package init(issuer: MachineWords, reason: Sealed? = nil, ticket: Ticket? = nil) {
    self.issuer = issuer
    self.reason = reason
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    issuer = try fields.take("issuer")
    reason = try fields.takeOptional("reason")
    ticket = try fields.takeOptional("ticket")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("issuer", issuer)
    fields.put("reason", reason)
    fields.put("ticket", ticket)
  }
}

/// Whoever shows a token of an issuer with all these claims is somebody, in the stream of their id.
///
/// It grants nothing. Its number is its version in that stream.
package struct AccessIdentityAdded: EventPayload {
  package static let kind: EventKind = "access.identity_added.v1"

  package let actor: ActorID
  /// All of them have to be there, and to be equal; at least one, of different names.
  package let claims: [TokenClaim]
  package let issuer: MachineWords
  package let reason: Sealed?
  package let ticket: Ticket?

  package init(
    actor: ActorID, issuer: MachineWords, claims: [TokenClaim], reason: Sealed? = nil,
    ticket: Ticket? = nil
  ) {
    self.actor = actor
    self.claims = claims
    self.issuer = issuer
    self.reason = reason
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    claims = try fields.take("claims")
    issuer = try fields.take("issuer")
    reason = try fields.takeOptional("reason")
    ticket = try fields.takeOptional("ticket")
    guard !claims.isEmpty, Set(claims.map(\.name)).count == claims.count else {
      throw FormFault.field(path: "claims", expected: "one claim at least, and no name twice")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("claims", claims)
    fields.put("issuer", issuer)
    fields.put("reason", reason)
    fields.put("ticket", ticket)
  }
}

/// Such a token proves nobody any more.
package struct AccessIdentityRemoved: EventPayload {
  package static let kind: EventKind = "access.identity_removed.v1"

  package let actor: ActorID
  /// The version of ``AccessIdentityAdded`` in this stream.
  package let identity: Int
  package let reason: Sealed?
  package let ticket: Ticket?

  package init(actor: ActorID, identity: Int, reason: Sealed? = nil, ticket: Ticket? = nil) {
    self.actor = actor
    self.identity = identity
    self.reason = reason
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    identity = try fields.take("identity", in: FieldRange.fromOne)
    reason = try fields.takeOptional("reason")
    ticket = try fields.takeOptional("ticket")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("identity", identity)
    fields.put("reason", reason)
    fields.put("ticket", ticket)
  }
}

/// The program has seen a token that proves somebody; once a token, before the first entry that it
/// signs for them. The token itself is nowhere.
package struct AccessAttested: EventPayload {
  package static let kind: EventKind = "access.attested.v1"
  /// How far an issuer's clock may be off: a token counts so much longer.
  package static let leewayMs = 60_000
  /// From its issue to its end, at most; tokens of the forges have minutes.
  package static let lifetimeMs = 24 * 3_600_000

  package let actor: ActorID
  package let audience: MachineWords
  /// What the identity asks for, and which run it was; nothing else that the token says.
  package let claims: [TokenClaim]
  /// SHA-256 of the token's bytes.
  package let evidence: Digest
  /// From this moment on it proves nothing.
  package let expires: Timestamp
  /// The version of ``AccessIdentityAdded`` in the actor's grant stream.
  package let identity: Int
  package let issued: Timestamp
  package let issuer: MachineWords
  /// The issuer's own name for the token, where it has one.
  package let jti: MachineWords?
  /// Which of the issuer's keys signed it.
  package let kid: MachineWords

  package init(
    actor: ActorID, identity: Int, evidence: Digest, issuer: MachineWords, audience: MachineWords,
    kid: MachineWords, jti: MachineWords?, issued: Timestamp, expires: Timestamp,
    claims: [TokenClaim]
  ) {
    self.actor = actor
    self.audience = audience
    self.claims = claims
    self.evidence = evidence
    self.expires = expires
    self.identity = identity
    self.issued = issued
    self.issuer = issuer
    self.jti = jti
    self.kid = kid
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    audience = try fields.take("audience")
    claims = try fields.take("claims")
    evidence = try fields.take("evidence")
    expires = try fields.take("expires")
    identity = try fields.take("identity", in: FieldRange.fromOne)
    issued = try fields.take("issued")
    issuer = try fields.take("issuer")
    jti = try fields.takeOptional("jti")
    kid = try fields.take("kid")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("audience", audience)
    fields.put("claims", claims)
    fields.put("evidence", evidence)
    fields.put("expires", expires)
    fields.put("identity", identity)
    fields.put("issued", issued)
    fields.put("issuer", issuer)
    fields.put("jti", jti)
    fields.put("kid", kid)
  }
}
