import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import Projections

/// `stele key rotate-log`: another key signs the log's checkpoints.
///
/// One entry registers the new key and revokes the old; an administrator signs it, and both keys
/// do. The old one signs the checkpoint that ends with this entry, the new one every later one, so
/// whoever has pinned the old follows to the new. Where the old one is lost, recovery keys sign in
/// its place (``LostLogKey``).
///
/// Commit point: that entry. A crash before it leaves `log-next.pem`, which the same command again
/// takes; a crash after it leaves the files unnamed, and any of their names is read.
package struct LogKeyRotation: Sendable {
  private let workspace: Workspace
  private let variables: [String: String]
  private let time: any TimeSource
  private let random: any RandomSource
  /// Who signs in place of the old key, which is lost; nil while it is at hand.
  private let recovery: KeyAuthority?

  /// - Parameter recovery: Who signs in place of the old key, where that is lost.
  package init(
    _ workspace: Workspace, variables: [String: String], recovery: KeyAuthority? = nil,
    time: any TimeSource = SystemTime(), random: any RandomSource = SystemRandom()
  ) {
    self.workspace = workspace
    self.recovery = recovery
    self.variables = variables
    self.time = time
    self.random = random
  }

  package struct Rotated: Sendable {
    package let old: KeyID
    package let new: KeyID
    package let position: Int
    /// The new key's file.
    package let path: String
  }

  /// - Throws: Before anything is made, `LedgerError.logKeyMissing` without the old key,
  ///   ``KeyWorkError/nextLogKey(path:role:)``, ``KeyWorkError/quorum(found:needed:)``,
  ///   ``SignerError``, `KeyFileError`; ``AccessDenied`` after the denial was recorded;
  ///   `AppendError`.
  package func run() async throws -> Rotated {
    let new = try await prepare()
    let session = try Session.open(
      workspace, for: .appending, variables: variables, time: time, random: random)
    let rotated = try await rotate(to: new, in: session)
    try await session.close()
    try session.keys.promoteNextLogKey()
    return rotated
  }

  /// Makes the new key before the ledger is opened, which takes its log keys along; not before all
  /// who have to sign are at hand.
  private func prepare() async throws -> SigningKey {
    let session = try Session.open(
      workspace, for: .reading, variables: variables, time: time, random: random)
    let known = try await session.state().keys
    let old = try old(in: known)
    _ = try await session.signer(.administrator)
    let path = session.keys.nextLog
    let isMade = FileManager.default.fileExists(atPath: path)
    let made = try isMade ? KeyFile.read(path) : nil
    if let made {
      let key = known.byID[KeyID(bytes: made.publicKey.keyid)]
      if let key, key == old { return made }  // Its entry is recorded, its name is not.
      if let key { throw KeyWorkError.nextLogKey(path: path, role: key.role) }
    }
    if let recovery {
      _ = try await recovery.quorum(in: session)
    } else if try session.keys.logKey(old.keyid) == nil {
      throw LedgerError.logKeyMissing(keyid: old.keyid)
    }
    if let made { return made }
    let key = SigningKey.generate()
    try KeyFile.write(key, to: path)
    return key
  }

  private func old(in keys: Keys) throws(WorkspaceError) -> Keys.Key {
    guard let old = keys.all.last(where: { $0.role == .log && $0.isValid }) else {
      throw .noGenesis(workspace.ledger)
    }
    return old
  }

  private func rotate(to key: SigningKey, in session: Session) async throws -> Rotated {
    let keys = try await session.state().keys
    let keyid = KeyID(bytes: key.publicKey.keyid)
    let old = try old(in: keys)
    guard old.keyid != keyid else {  // Rotated by a run that did not come to its end.
      let previous = keys.all.last { $0.revoked == old.registered }
      return Rotated(
        old: previous?.keyid ?? keyid, new: keyid, position: old.registered,
        path: session.keys.path(.log))
    }
    let position = try await replace(old, with: Signer(actor: old.owner, key: key), in: session)
    return Rotated(old: old.keyid, new: keyid, position: position, path: session.keys.path(.log))
  }

  private func replace(
    _ old: Keys.Key, with new: Signer, in session: Session
  ) async throws -> Int {
    let administrator = try await session.signer(.administrator)
    guard let leaving = try session.keys.logKey(old.keyid) else {
      guard let recovery else { throw LedgerError.logKeyMissing(keyid: old.keyid) }
      return try await session.replace(
        LostLogKey(
          old: old, new: new, administrator: administrator,
          quorum: recovery.quorum(in: session)))
    }
    let authorization = try await session.authorize(
      .rotateLogKey, by: administrator, application: nil, environment: nil)
    return try await session.record(
      EntryDraft(Self.events(replacing: old, with: new), resting: authorization),
      by: administrator, cosigners: [new, Signer(actor: old.owner, key: leaving)]
    ).position
  }

  /// The new key comes as the old one goes.
  static func events(replacing old: Keys.Key, with new: Signer) -> [DraftEvent] {
    let registered = KeyRegistered(
      key: PublicKeyBytes(spki: new.key.publicKey.spki), owner: new.actor, role: .log)
    let revoked = KeyRevoked(reason: KeyRevocation.Reason.rotated.code, suspectFrom: nil)
    return [DraftEvent(registered, in: .key(new.keyid)), DraftEvent(revoked, in: .key(old.keyid))]
  }
}
