import Access
import CanonicalJSON
import Events
import LedgerStore
import Projections

/// `stele key revoke`: a key signs no more.
package struct KeyRevocation: Sendable {
  private let session: Session
  private let authority: KeyAuthority

  package init(_ session: Session, by authority: KeyAuthority = KeyAuthority()) {
    self.session = session
    self.authority = authority
  }

  /// Why a key is not used any more.
  package enum Reason: String, CaseIterable, Sendable {
    case compromised, rotated, lost, left

    var code: Code { .init(stringLiteral: rawValue) }
  }

  package struct Revoked: Sendable {
    package let key: Keys.Key
    package let position: Int
  }

  /// - Parameters:
  ///   - prefix: The beginning of the key's id, as long as one key has it.
  ///   - suspectFrom: What it signed from this position on is marked, never invalidated; at most
  ///     the ledger's size.
  /// - Throws: ``KeyWorkError``; ``AccessDenied`` after the denial was recorded; `KeyFileError`.
  package func revoke(
    _ prefix: String, reason: Reason, suspectFrom: Int?
  ) async throws -> Revoked {
    let key = try await revocable(prefix, in: session.state().keys)
    try check(suspectFrom)
    let signers = try await authority.signers(for: key.role, in: session)
    let authorization = try await session.authorize(
      .revokeKey, by: signers.lead, application: nil, environment: nil)
    let revoked = KeyRevoked(reason: reason.code, suspectFrom: suspectFrom)
    return try await session.resting(on: authorization, .revokeKey, by: signers.lead) {
      session, state, granted in
      // Others may have revoked this one meanwhile, or those that would have been left.
      let key = try revocable(key.keyid.hex, in: state.keys)
      do {
        let recording = try session.record(
          EntryDraft([DraftEvent(revoked, in: .key(key.keyid))], resting: granted),
          by: signers.lead, cosigners: signers.others)
        return Revoked(key: key, position: recording.position)
      } catch let refusal as AppendError {
        _ = try revocable(key.keyid.hex, in: session.state().keys)  // Others may have been faster.
        throw refusal
      }
    }
  }

  /// Nothing that is yet to be signed can be doubted.
  private func check(_ suspectFrom: Int?) throws {
    let size = try session.ledger.head().size
    if let suspectFrom, suspectFrom > size {
      throw KeyWorkError.suspectAhead(suspectFrom, size: size)
    }
  }

  /// - Throws: ``KeyWorkError``: none or several have it, it is revoked, or too few would be left.
  private func revocable(_ prefix: String, in keys: Keys) throws -> Keys.Key {
    let found = keys.all.filter { $0.keyid.hex.hasPrefix(prefix) }
    guard let key = found.first, !prefix.isEmpty else { throw KeyWorkError.unknown(prefix) }
    guard found.count == 1 else { throw KeyWorkError.ambiguous(prefix, found.map(\.keyid)) }
    guard key.role != .log else { throw KeyWorkError.logKey(key.keyid) }
    if let position = key.revoked { throw KeyWorkError.revoked(key.keyid, at: position) }
    let needed = try needed(of: key.role)
    let left = keys.all.count { $0.role == key.role && $0.isValid } - 1
    guard left >= needed else {
      throw KeyWorkError.tooFewLeft(key.keyid, key.role, left: left, needed: needed)
    }
    return key
  }

  /// How many valid keys of a role a ledger cannot go on without.
  private func needed(of role: KeyRole) throws -> Int {
    switch role {
    case .administrator, .service, .log: 1
    case .recovery: try session.recoveryThreshold()
    case .actor, .witness: 0
    }
  }
}
