import Access
import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import TransparencyLog
import Verification

/// `stele backup`: a consistent copy of ledger and vault, verified after it was written.
///
/// 1. That somebody may export it is recorded, so that the copy has the decision in it. A crash
///    after it leaves a decision without a backup.
/// 2. `FOLDER.partial` gets the copies and their receipt, synced.
/// 3. The independent verifier reads every byte of the copy, with the log's pinned key.
/// 4. The draft is renamed to `FOLDER`: the commit point. A crash before it leaves no backup, and a
///    draft that the next one replaces; nothing else can be at `FOLDER`.
///
/// Others append meanwhile. Needs the keys that every recorded decision needs.
package struct BackupWork: Sendable {
  private let workspace: Workspace
  private let variables: [String: String]
  private let client: ClientState
  private let time: any TimeSource
  private let reached: @Sendable (BackupPoint) throws -> Void

  /// - Parameter reached: Told of each point, and may stop there: how crashes are tried out.
  package init(
    _ workspace: Workspace, variables: [String: String], time: any TimeSource = SystemTime(),
    reached: @escaping @Sendable (BackupPoint) throws -> Void = { _ in }
  ) {
    self.workspace = workspace
    self.variables = variables
    self.time = time
    client = ClientState(directory: KeyRing.stateDirectory(variables: variables))
    self.reached = reached
  }

  package struct Made: Sendable {
    package let folder: BackupFolder
    package let origin: Origin
    package let size: Int
    package let root: Digest
    /// Never broken.
    package let verdict: VerificationVerdict
    package let peopleKeys: PeopleKeys?
  }

  /// - Parameters:
  ///   - path: Where nothing stands yet; absolute.
  ///   - peopleKeys: The file that gets people's keys, replaced if it is there; outside `path`.
  ///   - vkey: The log's key as the caller knows it; nil for the one pinned here, if any.
  ///   - credential: Of whoever exports it.
  /// - Throws: ``BackupError``, ``AccessDenied``, ``SignerError``, `LedgerError`,
  ///   `LedgerReadError`; there is no new backup then.
  package func backUp(
    to path: String, peopleKeys: String?, vkey: VerifierKey?,
    by credential: Credential = .key(path: nil),
    progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> Made {
    try workspace.requireLedger()
    let folder = BackupFolder(URL(fileURLWithPath: path).standardizedFileURL.path)
    guard folder.isFree else { throw BackupError.exists(folder.path) }
    let peopleKeys = try peopleKeys.map { try place($0, outside: folder) }
    let lock = try folder.draft.keepDraft()
    defer { withExtendedLifetime(lock) {} }
    guard folder.isFree else { throw BackupError.exists(folder.path) }  // Somebody was faster.
    do {
      return try await backUp(to: folder, peopleKeys, vkey, credential, progress)
    } catch {
      folder.draft.remove()
      throw error
    }
  }

  private func backUp(
    to folder: BackupFolder, _ peopleKeys: PeopleKeys?, _ vkey: VerifierKey?,
    _ credential: Credential,
    _ progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> Made {
    let live = LedgerDirectory(workspace.ledger)
    guard let origin = try live.reading({ try $0.head().origin }) else {
      throw WorkspaceError.noGenesis(workspace.ledger)
    }
    // Read before the copy is made, so that the copy can only be newer.
    let known = try KnownHistory(of: origin, in: live, client: client)
    try check(live, has: known)  // Nothing is recorded in a ledger that has lost entries.
    try await authorize(withPeopleKeys: peopleKeys != nil, credential)
    let checkpoint = try Checkpoint(parsing: try folder.draft.write(copyOf: live).note.text)
    try reached(.copied)
    let report = try await verify(folder.draft, origin, vkey, progress)
    guard report.size == checkpoint.size, report.root == checkpoint.root else {
      throw BackupError.receipt(size: checkpoint.size, copied: report.size)
    }
    try check(folder.draft.directory, has: known)
    try folder.draft.tidy()
    try reached(.verified)
    try peopleKeys?.write(copyOf: live)
    try folder.publish()
    try reached(.published)
    return Made(
      folder: folder, origin: origin, size: report.size, root: report.root,
      verdict: report.verdict, peopleKeys: peopleKeys)
  }

  /// Records that whoever shows `credential` may export this, or that they may not.
  ///
  /// - Throws: ``BackupError/notRecorded(_:)``, ``AccessDenied``, ``SignerError``.
  private func authorize(withPeopleKeys: Bool, _ credential: Credential) async throws {
    do {
      let session = try Session.open(workspace, for: .appending, variables: variables, time: time)
      let person = try await session.person(credential)
      let actions: [Action] = withPeopleKeys ? [.exportLedger, .exportPeopleKeys] : [.exportLedger]
      for action in actions {
        _ = try await session.authorize(action, by: person, application: nil, environment: nil)
      }
      try await session.close()
    } catch let error as KeyFileError {
      throw BackupError.notRecorded(error)
    }
  }

  /// - Throws: ``BackupError/behind(source:known:copied:)``.
  private func check(_ directory: LedgerDirectory, has known: KnownHistory) throws {
    let (lost, size) = try directory.reading { (try known.newestLost(in: $0), try $0.head().size) }
    guard let lost else { return }
    throw BackupError.behind(source: lost.source, known: lost.size, copied: size)
  }

  /// As a restore will, with people's keys as they are here: a copy of which nobody can tell
  /// whether it has lost values is none. Without the vault's key here nobody can.
  ///
  /// - Throws: ``BackupError/unsound(position:what:findings:)``; `LedgerError/vaultLocked(path:)`,
  ///   `LedgerError/erasureUndone(path:people:)`.
  private func verify(
    _ draft: BackupFolder, _ origin: Origin, _ vkey: VerifierKey?,
    _ progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> VerificationReport {
    let pinned = try vkey?.text ?? client.pin(forAnyOf: origin)
    let keys = KeyRing(log: origin.log.text, variables: variables)
    let vaultKey = try keys.vaultSecret()
    let live = LedgerDirectory(workspace.ledger)
    let inspection = LedgerInspection(live)
    if let vaultKey { try inspection.unlock(with: vaultKey) }
    // A copy would outlive the erasure.
    if inspection.has(.peopleKeys) { try inspection.checkErasures() }
    var verifier = LedgerVerifier(pinned: pinned)
    verifier.givenUp = try keys.givenUp.entries()
    let report = try await verifier.verify(
      SQLiteLedger(
        directory: draft.path, vaultKey: vaultKey, people: live.path, hasAnchor: false),
      progress: progress)
    if let first = report.firstFinding {
      throw BackupError.unsound(
        position: first.position, what: "\(first.error)", findings: report.findingCount)
    }
    return report
  }

  /// The file that is really meant, however it is named. People's keys are in no copy of a ledger,
  /// beside none, and replace no key of the ring.
  ///
  /// - Throws: ``BackupError/peopleKeysInside(file:folder:)``; `LedgerError`.
  private func place(
    _ named: String, outside folder: BackupFolder
  ) throws -> PeopleKeys {
    // The folder is not there yet, so only its name can say so.
    guard !URL(fileURLWithPath: named).standardizedFileURL.path.hasPrefix(folder.path + "/") else {
      throw BackupError.peopleKeysInside(file: named, folder: folder.path)
    }
    let keys = try PeopleKeys(resolving: named)
    let origin = try LedgerDirectory(workspace.ledger).reading { try $0.head().origin }
    let ring = origin.map { KeyRing(log: $0.log.text, variables: variables) }
    for place in [folder.path, workspace.ledger, ring?.directory].compactMap(\.self) {
      let resolved = URL(fileURLWithPath: place).resolvingSymlinksInPath().path
      guard keys.path.hasPrefix(resolved + "/") || keys.path == resolved else { continue }
      throw BackupError.peopleKeysInside(file: named, folder: place)
    }
    guard !FileManager.default.fileExists(atPath: keys.folder + "/ledger.sqlite") else {
      throw BackupError.peopleKeysInside(file: named, folder: keys.folder)
    }
    try keys.checkReplaceable(vaultKey: ring?.vaultSecret())
    return keys
  }
}

/// The moments of a backup after which a crash finds something else on the disk, in their order.
package enum BackupPoint: String, Hashable, Sendable, CaseIterable {
  /// The draft is whole and durable; nothing is verified.
  case copied
  /// The draft is what was signed.
  case verified
  /// It has its name.
  case published
}

extension ClientState {
  /// The key that was pinned for this ledger, under whichever of its incarnations up to this one.
  ///
  /// - Throws: `LedgerError/system(operation:path:errno:)`: there is one and it cannot be read.
  func pin(forAnyOf origin: Origin) throws -> String? {
    for incarnation in (1...origin.incarnation).reversed() {
      guard let one = Origin(name: origin.name, log: origin.log, incarnation: incarnation),
        let pin = try pin(for: one)
      else { continue }
      return pin
    }
    return nil
  }
}
