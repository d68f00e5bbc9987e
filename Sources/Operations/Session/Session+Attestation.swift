import Access
import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import Projections
import Tokens

extension Session {
  /// Whoever acts, by what they show.
  ///
  /// - Throws: As ``person(keyAt:)`` for a key, as ``attest(_:)`` for a token.
  package func person(_ credential: Credential) throws -> Signer {
    switch credential {
    case .key(let path): try person(keyAt: path)
    case .token(let token): try token.read { bytes in try attest(bytes) }
    }
  }

  /// Whom a token proves: the service signs for them, with the token's digest.
  ///
  /// The token is held against what administrators have recorded of its issuer and of identities,
  /// each read again and proven. A token that is shown for the first time is recorded: what was
  /// relied on, and not the token.
  ///
  /// Commit point: the entry with `access.attested`. A crash after it leaves a token that is known,
  /// and the next command with it goes on.
  ///
  /// - Throws: ``TokenRefused`` when it proves nobody here, before anything is recorded;
  ///   `KeyFileError` without the service's key.
  private func attest(_ bytes: [UInt8]) throws -> Signer {
    let service = try signer(.service)
    return try deciding { state in
      let now = time.now()
      let proven = try Self.proven(bytes, by: state.identities, at: now)
      let identity: Identities.Identity
      do throws(AttestationFault) {
        identity = try state.identities.identity(of: proven.issuer, saying: proven.claims)
      } catch {
        throw TokenRefused.attestation(error)
      }
      let attested = proven.attested(as: identity)
      do throws(AttestationFault) { try state.identities.check(attested, at: now) } catch {
        throw TokenRefused.attestation(error)
      }
      let signer = Signer(attesting: attested, by: service)
      guard state.identities.attestation(attested.evidence) == nil else {
        try prove(DecisionGrounds(nil, of: signer), in: state)
        return signer
      }
      try prove(DecisionGrounds(tokensOf: identity.actor), in: state)
      let stream = StreamName.attestation(identity.actor)
      _ = try record(
        EntryDraft(
          [DraftEvent(attested, in: stream)],
          expects: state.grants.expectation(of: identity.actor).merging([
            .issuers: state.identities.version
          ]) { version, _ in version }), by: service,
        versions: [stream: state.identities.attestationVersion(of: identity.actor) + 1])
      return signer
    }
  }

  private static func proven(
    _ bytes: [UInt8], by identities: Identities, at now: Timestamp
  ) throws(TokenRefused) -> ProvenToken {
    do throws(TokenFault) {
      return try CompactToken(parsing: bytes).proven(
        by: identities.issuers.map {
          TrustedIssuer(issuer: $0.issuer, audience: $0.audience, keys: $0.keys)
        }, at: now)
    } catch {
      throw .token(error)
    }
  }

  /// What an entry that is signed for somebody without a key rests on besides: that the token still
  /// proves them, by the issuers there are.
  ///
  /// - Throws: ``TokenRefused/ended(_:)`` when it does not, any more.
  func attested(_ draft: EntryDraft, by signer: Signer, at now: Timestamp) throws -> EntryDraft {
    guard let behalf = signer.behalf else { return draft }
    let identities = try state().identities
    do throws(AttestationFault) { try identities.check(behalf, at: now) } catch {
      throw TokenRefused.ended(error)
    }
    var draft = draft
    draft.expects[.issuers] = identities.version
    return draft
  }

  /// Who records what the program itself decides about somebody: the service, in their name where a
  /// token proves them.
  func service(for person: Signer) throws -> Signer {
    person.behalf == nil ? try signer(.service) : person
  }
}

extension ProvenToken {
  /// Claims that say which run it was; none of them is a person's.
  private static let runClaims = ["job_id", "pipeline_id", "run_attempt", "run_id"]

  /// What is recorded of it.
  fileprivate func attested(as identity: Identities.Identity) -> AccessAttested {
    let bound = Set(identity.claims.map(\.name.text))
    let run = Self.runClaims.filter { !bound.contains($0) }.compactMap { name in
      claims[name].map { TokenClaim(name: MachineWords(name), value: MachineWords($0)) }
    }
    return AccessAttested(
      actor: identity.actor, identity: identity.number, evidence: evidence, issuer: issuer,
      audience: audience, kid: kid, jti: jti, issued: issued, expires: expires,
      claims: identity.claims + run)
  }
}
