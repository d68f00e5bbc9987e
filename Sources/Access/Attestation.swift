import Events
import Projections

/// Why a token that was shown proves nobody, or nobody any more.
package enum AttestationFault: Error, Hashable, Sendable {
  /// Nobody recorded it, or it expired long ago.
  case notAttested
  /// It proves somebody else.
  case otherActor(ActorID)
  /// The issuer is trusted no more, or not with that audience and key.
  case issuer(MachineWords)
  /// No identity asks for what it says.
  case nobody
  /// What it says is asked for by identities of several.
  case several([ActorID])
  case expired(Timestamp)
  /// It was issued later than it was shown, or counts for longer than any may.
  case times
  /// Another token of the same name was shown before.
  case repeated(MachineWords)
}

extension AttestationFault: CustomStringConvertible {
  /// A clause, for findings.
  package var description: String {
    switch self {
    case .notAttested: "rests on a token that nobody attested"
    case .otherActor(let actor): "rests on a token of \(actor)"
    case .issuer(let issuer): "rests on a token of \(issuer) that is not trusted"
    case .nobody: "rests on a token that proves nobody"
    case .several(let actors):
      "rests on a token that proves \(actors.map { "\($0)" }.joined(separator: " and "))"
    case .expired(let time): "rests on a token that expired at \(time)"
    case .times: "rests on a token of times that no token has"
    case .repeated(let jti): "rests on another token called \(jti) than was attested before"
    }
  }
}

extension Identities {
  /// The one identity whose claims are all among a token's.
  ///
  /// - Parameter claims: What the token says, by name.
  /// - Throws: ``AttestationFault/nobody``, ``AttestationFault/several(_:)``.
  package func identity(
    of issuer: MachineWords, saying claims: [String: String]
  ) throws(AttestationFault) -> Identity {
    let found = all.filter { identity in
      identity.issuer == issuer
        && identity.claims.allSatisfy { claim in
          claims[claim.name.text].flatMap(MachineWords.init(dataText:)) == claim.value
        }
    }
    guard let only = found.first else { throw .nobody }
    guard found.count == 1 else { throw .several(found.map(\.actor)) }
    return only
  }

  /// Whether a token that is recorded, or is going to be, proves whom it is recorded for: the same
  /// trust and claims give the same answer for ever, so a verifier can ask again.
  ///
  /// - Throws: The first reason why it does not.
  package func check(
    _ attested: AccessAttested, at now: Timestamp
  ) throws(AttestationFault) {
    try checkTrust(attested, by: issuer(attested.issuer)?.key(attested.kid))
    let said = Dictionary(attested.claims.map { ($0.name.text, $0.value.text) }) { first, _ in
      first
    }
    let identity = try identity(of: attested.issuer, saying: said)
    guard identity.actor == attested.actor, identity.number == attested.identity else {
      throw .otherActor(identity.actor)
    }
    try checkTime(attested, at: now)
    guard attested.issued <= now.adding(milliseconds: AccessAttested.leewayMs),
      attested.expires <= attested.issued.adding(milliseconds: AccessAttested.lifetimeMs)
    else { throw .times }
    if let jti = attested.jti, let other = attestation(of: attested.issuer, jti: jti),
      other.content.evidence != attested.evidence
    {
      throw .repeated(jti)
    }
  }

  /// Whether somebody without a key may still be acted for at a moment.
  ///
  /// - Throws: The first reason why not.
  package func check(_ behalf: Behalf, at now: Timestamp) throws(AttestationFault) {
    guard let attestation = attestation(behalf.evidence) else { throw .notAttested }
    let attested = attestation.content
    guard attested.actor == behalf.actor else { throw .otherActor(attested.actor) }
    try checkTrust(attested, by: attestation.key)
    guard of(behalf.actor).contains(where: { $0.number == attested.identity }) else {
      throw .nobody
    }
    try checkTime(attested, at: now)
  }

  /// - Parameter key: Which signed it: another one of the same name is not trusted for it.
  private func checkTrust(
    _ attested: AccessAttested, by key: IssuerKey?
  ) throws(AttestationFault) {
    guard let issuer = issuer(attested.issuer), issuer.audience == attested.audience, let key,
      issuer.keys.contains(key)
    else { throw .issuer(attested.issuer) }
  }

  private func checkTime(
    _ attested: AccessAttested, at now: Timestamp
  ) throws(AttestationFault) {
    guard now < attested.expires.adding(milliseconds: AccessAttested.leewayMs) else {
      throw .expired(attested.expires)
    }
  }
}
