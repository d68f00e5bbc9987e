import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections
import TransparencyLog

/// `stele key`: registers keys with their owners' access, and revokes them.
///
/// Signed by the key ring's administrator; recovery keys by the recovery key as well.
package struct KeyWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// What a new key is, and where it comes from.
  package enum Source: Sendable {
    /// An existing private key, or where a new one is written. Absolute.
    case file(String)
    /// A witness's public key, under its name in notes.
    case witness(VerifierKey)
  }

  /// Access that a key's owner gets with it.
  package struct Grant: Sendable {
    package let role: AccessRole
    package let environments: Reach<EnvironmentTag>

    package init(role: AccessRole, environments: Reach<EnvironmentTag>) {
      self.role = role
      self.environments = environments
    }
  }

  package struct Added: Sendable {
    package let keyid: KeyID
    package let owner: ActorID
    package let position: Int
    /// The file was not there and was written.
    package let isGenerated: Bool
  }

  /// Decides, makes the key file when it is missing, and registers; one entry for key and grant.
  ///
  /// A crash after the file was written leaves a key that the ledger does not know: the same
  /// command again takes it.
  ///
  /// - Parameter owner: Nil for a person whom the ledger does not know yet.
  /// - Throws: ``AccessDenied`` after the denial was recorded; `KeyFileError`; `AppendError` when
  /// the
  ///   ledger refuses, `keyRepeated` for a key that it knows.
  package func add(
    _ source: Source, role: KeyRole, owner: ActorID?, grant: Grant?
  ) async throws -> Added {
    let administrator = try await session.signer(.administrator)
    let recovery = try await recoverySigners(for: role)
    let authorization = try await session.authorize(
      .addKey, by: administrator, application: nil, environment: nil)
    let owner =
      owner ?? .make(at: session.time.now(), random: session.random.bytes(10))
    let new = try material(of: source, owner: owner)
    let keyid = KeyID(bytes: new.publicKey.keyid)
    let registered = KeyRegistered(
      key: PublicKeyBytes(spki: new.publicKey.spki), owner: owner, role: role, name: new.name)
    var events = [DraftEvent(registered, in: .key(keyid))]
    if let grant {
      let granted = AccessGranted(
        actor: owner, applications: .all, environments: grant.environments, role: grant.role)
      events.append(DraftEvent(granted, in: .grant(owner)))
    }
    let recording = try await session.record(
      EntryDraft(events, resting: authorization), by: administrator,
      cosigners: (new.signer.map { [$0] } ?? []) + recovery)
    return Added(
      keyid: keyid, owner: owner, position: recording.position, isGenerated: new.isGenerated)
  }

  package struct Revoked: Sendable {
    package let key: Keys.Key
    package let position: Int
  }

  /// - Parameters:
  ///   - prefix: The beginning of the key's id, as long as one key has it.
  ///   - suspectFrom: What it signed from this position on is marked, never invalidated.
  package func revoke(
    _ prefix: String, reason: RevocationReason, suspectFrom: Int?
  ) async throws -> Revoked {
    let key = try await revocable(prefix)
    let administrator = try await session.signer(.administrator)
    let recovery = try await recoverySigners(for: key.role)
    let authorization = try await session.authorize(
      .revokeKey, by: administrator, application: nil, environment: nil)
    let revoked = KeyRevoked(reason: reason.code, suspectFrom: suspectFrom)
    let recording = try await session.record(
      EntryDraft([DraftEvent(revoked, in: .key(key.keyid))], resting: authorization),
      by: administrator, cosigners: recovery)
    return Revoked(key: key, position: recording.position)
  }
}

// Which key.
extension KeyWork {
  private struct Material {
    let publicKey: PublicKey
    /// Nil for a witness, who need not sign.
    let signer: Signer?
    let name: MachineWords?
    let isGenerated: Bool
  }

  private func material(of source: Source, owner: ActorID) throws -> Material {
    switch source {
    case .witness(let key):
      return Material(
        publicKey: try PublicKey(raw: key.key), signer: nil, name: MachineWords(key.name),
        isGenerated: false)
    case .file(let path):
      let isThere = FileManager.default.fileExists(atPath: path)
      let key = try isThere ? KeyFile.read(path) : SigningKey.generate()
      if !isThere { try KeyFile.write(key, to: path) }
      return Material(
        publicKey: key.publicKey, signer: Signer(actor: owner, key: key), name: nil,
        isGenerated: !isThere)
    }
  }

  /// - Throws: ``KeyWorkError``: none or several have it, it is revoked, or too few would be left.
  private func revocable(_ prefix: String) async throws -> Keys.Key {
    let keys = try await session.state().keys
    let found = keys.all.filter { $0.keyid.hex.hasPrefix(prefix) }
    guard let key = found.first, !prefix.isEmpty else { throw KeyWorkError.unknown(prefix) }
    guard found.count == 1 else {
      throw KeyWorkError.ambiguous(prefix, found.map(\.keyid))
    }
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
    case .recovery: try session.ledger.read { try $0.custody().recoveryThreshold }
    case .actor, .witness: 0
    }
  }

  /// Who else has to sign for a key of this role.
  ///
  /// - Throws: ``KeyWorkError/quorum(needed:)`` when more are needed than this key ring has.
  private func recoverySigners(for role: KeyRole) async throws -> [Signer] {
    guard role == .recovery else { return [] }
    let needed = try needed(of: .recovery)
    guard needed <= 1 else { throw KeyWorkError.quorum(needed: needed) }
    return [try await session.signer(.recovery)]
  }
}

/// Why a key is not used any more.
package enum RevocationReason: String, CaseIterable, Sendable {
  case compromised, rotated, lost, left

  fileprivate var code: Code { .init(stringLiteral: rawValue) }
}

extension EntryDraft {
  /// What rests on a decision: expects what was decided on, but for streams that it writes itself.
  fileprivate init(_ events: [DraftEvent], resting authorization: Authorization) {
    let written = Set(events.map(\.stream))
    self.init(
      events, expects: authorization.expects.filter { !written.contains($0.key) },
      because: [authorization.decision])
  }
}
