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
/// whoever has pinned the old follows to the new.
///
/// Commit point: that entry. A crash before it leaves `log-next.pem`, which the same command again
/// takes; a crash after it leaves the files unnamed, and any of the three names is read.
package struct LogKeyRotation: Sendable {
  private let workspace: Workspace
  private let variables: [String: String]
  private let time: any TimeSource
  private let random: any RandomSource

  package init(
    _ workspace: Workspace, variables: [String: String], time: any TimeSource = SystemTime(),
    random: any RandomSource = SystemRandom()
  ) {
    self.workspace = workspace
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

  /// - Throws: ``AccessDenied`` after the denial was recorded; `KeyFileError`; `AppendError`.
  package func run() async throws -> Rotated {
    let new = try prepare()
    let session = try Session.open(
      workspace, for: .appending, variables: variables, time: time, random: random)
    let rotated = try await rotate(to: new, in: session)
    try await session.close()
    try session.keys.promoteNextLogKey()
    return rotated
  }

  /// Makes the new key before the ledger is opened, which takes its log keys along.
  private func prepare() throws -> SigningKey {
    let keys = try Session.open(
      workspace, for: .reading, variables: variables, time: time, random: random
    ).keys
    guard !FileManager.default.fileExists(atPath: keys.nextLog) else {
      return try KeyFile.read(keys.nextLog)
    }
    let key = SigningKey.generate()
    try KeyFile.write(key, to: keys.nextLog)
    return key
  }

  private func rotate(to key: SigningKey, in session: Session) async throws -> Rotated {
    let keys = try await session.state().keys
    let keyid = KeyID(bytes: key.publicKey.keyid)
    guard let old = keys.all.last(where: { $0.role == .log && $0.isValid }) else {
      throw WorkspaceError.noGenesis(workspace.ledger)
    }
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
    let leaving = try await session.logSigner(old.keyid)
    let authorization = try await session.authorize(
      .rotateLogKey, by: administrator, application: nil, environment: nil)
    let registered = KeyRegistered(
      key: PublicKeyBytes(spki: new.key.publicKey.spki), owner: new.actor, role: .log)
    let revoked = KeyRevoked(reason: KeyRevocation.Reason.rotated.code, suspectFrom: nil)
    return try await session.record(
      EntryDraft(
        [
          DraftEvent(registered, in: .key(new.keyid)), DraftEvent(revoked, in: .key(old.keyid)),
        ], resting: authorization),
      by: administrator, cosigners: [new, leaving]
    ).position
  }
}

extension Session {
  /// The log key with this id, whatever its file is called.
  ///
  /// - Throws: `LedgerError.logKeyMissing(keyid:)`.
  fileprivate func logSigner(_ keyid: KeyID) throws -> Signer {
    for key in try keys.logKeys() where KeyID(bytes: key.publicKey.keyid) == keyid {
      guard let owner = try state().keys.byID[keyid]?.owner else { break }
      return Signer(actor: owner, key: key)
    }
    throw LedgerError.logKeyMissing(keyid: keyid)
  }
}

extension KeyRing {
  /// The new log key before it is `log.pem`.
  fileprivate var nextLog: String { directory + "/log-next.pem" }
  /// Signs the checkpoint that ends with its own revocation, should that be missing.
  private var previousLog: String { directory + "/log-previous.pem" }

  /// The log's key, and beside it the next or the previous one while they are there.
  ///
  /// - Throws: `KeyFileError` when there is none, or when one is somebody else's or readable by
  ///   others.
  func logKeys() throws -> [SigningKey] {
    let there = [nextLog, previousLog].filter { FileManager.default.fileExists(atPath: $0) }
    let isNamed = there.isEmpty || FileManager.default.fileExists(atPath: path(.log))
    return try ((isNamed ? [path(.log)] : []) + there).map { try KeyFile.read($0) }
  }

  /// `log.pem` becomes `log-previous.pem`, and `log-next.pem` takes its name.
  fileprivate func promoteNextLogKey() throws {
    if FileManager.default.fileExists(atPath: path(.log)) { try move(path(.log), to: previousLog) }
    try move(nextLog, to: path(.log))
  }

  private func move(_ path: String, to name: String) throws {
    guard rename(path, name) == 0 else {
      throw LedgerError.system(operation: "rename", path: path, errno: errno)
    }
  }
}
