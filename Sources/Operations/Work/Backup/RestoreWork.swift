import CanonicalJSON
import Cryptography
import Events
import Foundation
import LedgerStore
import TransparencyLog
import Verification

/// `stele restore`: a copy takes the ledger's place, once it is known to be what was signed.
///
/// 1. The copy is put together in `.stele/restore.partial`; whoever was erased since is erased
///    there before a personal value is read.
/// 2. The independent verifier reads every byte, with the log's pinned key; receipt, anchors and
///    what this client has verified are held against it.
/// 3. If entries are lost, a new incarnation says so there, and nothing else can be appended before
///    it. That somebody may restore it is recorded, and erasures whose record was lost, again. Then
///    everything is verified once more.
/// 4. It takes the ledger's place, unless somebody has appended to that meanwhile; see
///    ``StagedLedger/publish(over:erasing:at:reached:)`` for the crash story. A
///    crash before that changes nothing; one during it leaves a ledger that nobody can open until
///    the next `stele restore` has finished or repeated it.
package struct RestoreWork: Sendable {
  let workspace: Workspace
  let variables: [String: String]
  let client: ClientState
  let time: any TimeSource
  private let reached: @Sendable (RestorePoint) throws -> Void

  /// - Parameter reached: Told of each point, and may stop there: how crashes are tried out.
  package init(
    _ workspace: Workspace, variables: [String: String], time: any TimeSource = SystemTime(),
    reached: @escaping @Sendable (RestorePoint) throws -> Void = { _ in }
  ) {
    self.workspace = workspace
    self.variables = variables
    self.time = time
    self.reached = reached
    client = ClientState(directory: KeyRing.stateDirectory(variables: variables))
  }

  /// What to restore, and what may be given up for it.
  package struct Request: Sendable {
    /// A folder that `stele backup` made, or a file that is a copy of `ledger.sqlite`; absolute.
    package var copy: String
    /// The copy of people's keys, where this project has none; absolute.
    package var peopleKeys: String?
    package var vkey: VerifierKey?
    /// Go on although entries are lost, by a new incarnation.
    package var startsIncarnation = false
    /// Files of recovery keys, absolute; none for those of the key ring.
    package var recoveryKeys: [String] = []
    /// Of whoever restores it.
    package var credential: Credential = .key(path: nil)
    /// Go on although what opens personal values is not at hand.
    package var givesUpPersonalValues = false
    /// The ledger stays what it is; only its vault's files come from the copy.
    package var isOfVaultOnly = false

    package init(copy: String) { self.copy = copy }
  }

  package struct Restored: Sendable {
    package let origin: Origin
    package let size: Int
    package let root: Digest
    /// Where the new incarnation stands, and how many entries were lost; nil when none were.
    package let incarnation: (position: Int, lost: Int)?
    /// Whose erasure was recorded again.
    package let erased: [SubjectID]
    /// Entries of which personal values are given up, by this restore or an earlier one.
    package let givenUp: RangeSet<Int>
    /// An earlier restore had been interrupted: that one was finished, and nothing else done.
    package let isEarlierOne: Bool
  }

  /// - Throws: ``RestoreError``, ``HistoryError``, ``SignerError``, `LedgerError`,
  ///   `LedgerReadError`.
  package func restore(
    _ request: Request, progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> Restored {
    let live = LedgerDirectory(workspace.ledger)
    if !FileManager.default.fileExists(atPath: live.path) {
      _ = try RestoreSources(request, live: live)  // Nothing is made for what cannot be restored.
      try LedgerDirectory.makePath(live.path)
    }
    let lock = try DirectoryLock(live.path)
    defer { withExtendedLifetime(lock) {} }
    if try StagedLedger.resume(live) { return try finished(live) }
    let sources = try RestoreSources(request, live: live)
    let mark = try LiveMark(of: live)
    let staged = try StagedLedger(sources.sources, for: live)
    do {
      let restored = try await prepare(staged, request, sources, progress)
      let givenUp = KeyRing(log: restored.origin.log.text, variables: variables).givenUp
      let before = try givenUp.entries()
      // Before the commit point: whoever finishes this restore after a crash knows nothing of it.
      if restored.givenUp != before { try givenUp.replace(with: restored.givenUp) }
      do {
        try staged.publish(
          over: mark, erasing: staged.erased(), at: time.now(), reached: reached)
      } catch {
        if restored.givenUp != before, !StagedLedger.isDecided(live) {
          try? givenUp.replace(with: before)
        }
        throw error
      }
      try live.reading { try client.check($0) }
      return restored
    } catch {
      staged.remove()
      throw error
    }
  }

  /// An earlier restore had passed its commit point: it is done now, and nothing else is.
  private func finished(_ live: LedgerDirectory) throws -> Restored {
    let head = try live.reading {
      try client.check($0)
      return try $0.head()
    }
    guard let origin = head.origin else { throw WorkspaceError.noGenesis(live.path) }
    return Restored(
      origin: origin, size: head.size, root: head.root, incarnation: nil, erased: [],
      givenUp: try KeyRing(log: origin.log.text, variables: variables).givenUp.entries(),
      isEarlierOne: true)
  }

  private func prepare(
    _ staged: StagedLedger, _ request: Request, _ sources: RestoreSources,
    _ progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> Restored {
    guard let origin = try staged.directory.reading({ try $0.head().origin }) else {
      throw WorkspaceError.noGenesis(sources.sources.ledger)
    }
    let keys = KeyRing(log: origin.log.text, variables: variables)
    if !request.givesUpPersonalValues, let key = try keys.vaultSecret() {
      try LedgerInspection(staged.directory).unlock(with: key)  // Before anything takes long.
    }
    let erased = try staged.eraseAgain(tombstones: keys.tombstones, at: time.now())
    let pinned = try request.vkey?.text ?? client.pin(forAnyOf: origin)
    guard let pinned else { throw RestoreError.notPinned(origin) }
    let acceptance = RestoreAcceptance(staged, sources, pinned: pinned, client: client, ring: keys)
    let accepted = try await acceptance.accept(request, of: origin, progress)
    try staged.anchor(accepted.lost?.note)
    let succession = RestoreSuccession(self, staged, keys: keys, origin: origin)
    let said = try await succession.record(accepted.lost, erased, request)
    let head = try staged.directory.reading { try $0.head() }
    let givenUp = try await giveUp(
      keys, in: staged, size: accepted.size, request, acceptance, progress)
    return Restored(
      origin: head.origin ?? origin, size: head.size, root: head.root,
      incarnation: accepted.lost.map { (accepted.size, $0.size - accepted.size) }, erased: said,
      givenUp: givenUp, isEarlierOne: false)
  }

  /// Verifies everything once more, personal values too.
  ///
  /// - Parameter size: Of the copy; what was given up behind it were other entries.
  /// - Returns: Entries of which personal values are given up from here on: what an earlier restore
  ///   gave up and is still missing, and, where this one may, whatever nothing opens.
  private func giveUp(
    _ keys: KeyRing, in staged: StagedLedger, size: Int, _ request: Request,
    _ acceptance: RestoreAcceptance,
    _ progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> RangeSet<Int> {
    let copied = RangeSet(0..<size)
    let excused = request.givesUpPersonalValues ? copied : try keys.givenUp.entries()
    let vaultKey = try keys.vaultSecret().flatMap { key in
      // Whoever gives them up may have lost the files that this key opens, or have another's.
      if request.givesUpPersonalValues,
        (try? LedgerInspection(staged.directory).unlock(with: key)) == nil
      {
        return nil as [UInt8]?
      }
      return key
    }
    let report = try await acceptance.verify(
      vaultKey: vaultKey, givenUp: excused.intersection(copied), progress)
    // Without the key nobody knows what is missing, and nothing is taken off the list.
    let before = vaultKey == nil ? try keys.givenUp.entries().intersection(copied) : RangeSet()
    return RangeSet(report.givenUp.map { $0..<$0 + 1 }).union(before)
  }
}

/// The files of a request.
struct RestoreSources: Sendable {
  let sources: StagedLedger.Sources
  /// That a backup folder has of its own newest entry.
  let receipt: String?

  /// - Throws: ``RestoreError/notFound(_:)``, ``RestoreError/keysAreHere(_:)``,
  ///   ``RestoreError/keysDamaged(_:)``.
  init(_ request: RestoreWork.Request, live: LedgerDirectory) throws(RestoreError) {
    let files = FileManager.default
    let there = { (path: String) in files.fileExists(atPath: path) ? path : nil }
    let folder = BackupFolder(request.copy)
    let isFolder = there(folder.ledger) != nil
    guard let ledger = there(folder.ledger) ?? (Self.isFile(request.copy) ? request.copy : nil)
    else { throw .notFound(request.copy) }
    if let named = request.peopleKeys, there(named) == nil { throw .notFound(named) }
    if let here = there(live.vaultKeys) {
      if request.peopleKeys != nil { throw .keysAreHere(here) }
      guard (try? LedgerInspection(live).settings(of: .peopleKeys)) != nil else {
        throw .keysDamaged(here)
      }
    }
    guard !request.isOfVaultOnly else {
      guard isFolder, let vault = there(folder.vault), let own = there(live.database) else {
        throw .notFound(isFolder ? live.database : request.copy)
      }
      receipt = nil
      sources = StagedLedger.Sources(
        ledger: own, vault: vault, peopleKeys: there(live.vaultKeys) ?? request.peopleKeys)
      return
    }
    receipt = isFolder ? there(folder.receipt) : nil
    sources = StagedLedger.Sources(
      ledger: ledger, vault: (isFolder ? there(folder.vault) : nil) ?? there(live.vault),
      peopleKeys: there(live.vaultKeys) ?? request.peopleKeys)
  }

  private static func isFile(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      && !isDirectory.boolValue
  }
}
