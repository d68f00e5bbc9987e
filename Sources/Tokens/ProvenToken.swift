import CanonicalJSON
import Events

/// Whose tokens count: an issuer as an administrator pinned it.
package struct TrustedIssuer: Hashable, Sendable {
  package let issuer: MachineWords
  package let audience: MachineWords
  package let keys: [IssuerKey]

  package init(issuer: MachineWords, audience: MachineWords, keys: [IssuerKey]) {
    self.issuer = issuer
    self.audience = audience
    self.keys = keys
  }
}

/// A token that a trusted issuer signed, for us, and that counts now; only ``CompactToken`` makes
/// one.
package struct ProvenToken: Sendable, Equatable {
  package let evidence: Digest
  package let issuer: MachineWords
  package let audience: MachineWords
  package let kid: MachineWords
  package let jti: MachineWords?
  package let issued: Timestamp
  package let expires: Timestamp
  /// Every claim that is a text, a whole number or a truth value.
  package let claims: [String: String]

  fileprivate init(
    _ claims: TokenClaims, evidence: Digest, by issuer: TrustedIssuer, kid: MachineWords
  ) {
    self.evidence = evidence
    self.issuer = issuer.issuer
    audience = issuer.audience
    self.kid = kid
    jti = claims.jti
    issued = claims.issued
    expires = claims.expires
    self.claims = claims.scalars
  }
}

extension CompactToken {
  /// Holds the token against what is pinned: its issuer by the exact text, its key by the kid, the
  /// algorithm by the key, and then what it says.
  ///
  /// - Parameter now: The time here; an issuer's clock may differ by `AccessAttested.leewayMs`.
  /// - Throws: ``TokenFault``. What the token claims beyond its issuer is not read before its
  ///   signature holds.
  package func proven(
    by issuers: [TrustedIssuer], at now: Timestamp
  ) throws(TokenFault) -> ProvenToken {
    guard let members = PlainJSON.members(payload) else { throw .claims }
    guard let named = members["iss"]?.string else { throw .claim("iss") }
    guard let issuer = issuers.first(where: { $0.issuer.isExactly(named) }) else { throw .issuer }
    guard let kid, let key = issuer.keys.first(where: { $0.kid.isExactly(kid) }) else {
      throw .kid
    }
    guard algorithm == key.algorithm.rawValue else { throw .algorithm }
    guard isSigned(by: key) else { throw .signature }
    let claims = try TokenClaims(members)
    guard claims.isFor(issuer.audience) else { throw .audience }
    try claims.check(at: now)
    return ProvenToken(claims, evidence: evidence, by: issuer, kid: key.kid)
  }
}

/// What a token says, as far as every token has to say it (RFC 7519 §4.1, OpenID Connect Core §2).
private struct TokenClaims {
  let scalars: [String: String]
  let audience: PlainJSON?
  let jti: MachineWords?
  let issued: Timestamp
  let expires: Timestamp
  let notBefore: Timestamp?

  init(_ members: [String: PlainJSON]) throws(TokenFault) {
    scalars = members.compactMapValues(\.scalar)
    audience = members["aud"]
    guard let subject = members["sub"]?.string, !subject.isEmpty else { throw .claim("sub") }
    guard let expires = try Self.time("exp", in: members) else { throw .claim("exp") }
    guard let issued = try Self.time("iat", in: members) else { throw .claim("iat") }
    self.expires = expires
    self.issued = issued
    notBefore = try Self.time("nbf", in: members)
    jti = try members["jti"].map { value throws(TokenFault) in
      guard let words = value.string.flatMap({ MachineWords(dataText: $0) }) else {
        throw .claim("jti")
      }
      return words
    }
  }

  /// Seconds since 1970, whole ones.
  private static func time(
    _ name: String, in members: [String: PlainJSON]
  ) throws(TokenFault) -> Timestamp? {
    guard let value = members[name] else { return nil }
    guard case .integer(let seconds) = value, (0...253_402_300_799).contains(seconds),
      let time = Timestamp(microseconds: seconds * 1_000_000)
    else { throw .claim(name) }
    return time
  }

  /// For that audience and for no other: who else may show it is nobody's business here.
  func isFor(_ audience: MachineWords) -> Bool {
    switch self.audience {
    case .string(let one)?: audience.isExactly(one)
    case .array(let several)?:
      several.count == 1 && several[0].string.map(audience.isExactly) == true
    default: false
    }
  }

  func check(at now: Timestamp) throws(TokenFault) {
    let leewayMs = AccessAttested.leewayMs
    guard now < expires.adding(milliseconds: leewayMs) else {
      throw .expired(expires, now: now)
    }
    let begin = max(issued, notBefore ?? issued)
    guard begin <= now.adding(milliseconds: leewayMs) else { throw .early(begin, now: now) }
    guard expires <= issued.adding(milliseconds: AccessAttested.lifetimeMs) else { throw .lifetime }
  }
}

extension MachineWords {
  /// Byte for byte: Swift's `==` takes composed and decomposed characters for the same.
  func isExactly(_ other: String) -> Bool { text.utf8.elementsEqual(other.utf8) }
}
