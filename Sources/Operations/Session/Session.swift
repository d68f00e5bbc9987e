import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import Projections
import TransparencyLog

/// An open ledger with its projections and keys: what every operation starts from.
///
/// Owns the one ``LedgerState`` of the process. It begins with the newest snapshot and is folded on
/// from where it was whenever it is asked for, so what it says is the ledger as of the call.
package actor Session {
  package nonisolated let workspace: Workspace
  package nonisolated let ledger: Ledger
  package nonisolated let keys: KeyRing
  package nonisolated let time: any TimeSource
  package nonisolated let random: any RandomSource
  /// Of the incarnation that signs now.
  package nonisolated let origin: Origin

  /// What this user has seen of ledgers; nil where nothing is to be remembered.
  private let client: ClientState?
  private let snapshots: StateSnapshots
  private var keeper: StateKeeper
  /// The newest history that this process has seen: what its signatures vouch for.
  private var seen: Seen?
  private var written = WrittenVersions()
  /// A snapshot on its way into the ledger.
  private var keeping: Task<Void, Never>?
  /// How often an entry that depends on nothing is signed again after a conflict.
  private static let attemptsMax = 20

  /// - Parameter snapshotInterval: Bytes of entries between two snapshots, at least.
  init(
    workspace: Workspace, ledger: Ledger, keys: KeyRing, origin: Origin, time: any TimeSource,
    random: any RandomSource, client: ClientState? = nil,
    snapshotInterval: Int = StateKeeper.interval
  ) {
    snapshots = StateSnapshots(ledger: ledger, key: try? SecretFile.read(keys.snapshotKey))
    keeper = StateKeeper(snapshots, interval: snapshotInterval)
    self.client = client
    self.workspace = workspace
    self.ledger = ledger
    self.keys = keys
    self.origin = origin
    self.time = time
    self.random = random
  }

  /// Every answer, as of now.
  package func state() throws -> LedgerState {
    let head = try ledger.head()
    seen = head.seen
    let isKeeping = ledger.purpose == .appending
    let state = try keeper.current(size: head.size, isKeeping: isKeeping)
    if isKeeping, keeper.isDue, keeping == nil { keep(state) }
    return state
  }

  /// Proves that the state is folded from everything that the log has signed, and from nothing
  /// else: what is proven by itself says nothing of what is not found.
  ///
  /// Before whatever somebody has decided is done. An agent that finds it is not goes on with what
  /// it kept up before: damage elsewhere is no reason to leave a service down.
  ///
  /// - Throws: `LedgerError.readingDiffers` or `.notProven` when it is not; what folding throws.
  package func proveWhole() throws {
    _ = try state()
    try keeper.prove()
  }

  /// The same for a process that only reads: from the newest snapshot on, anew.
  ///
  /// - Returns: How many entries there are.
  /// - Throws: As ``proveWhole()``.
  package func readWhole() throws -> Int { try provenState(ofSize: ledger.head().size).size }

  /// The newest state that is proven whole where there is more: of what the newest checkpoint of
  /// the log's is of.
  ///
  /// - Throws: As ``proveWhole()``, where that is not whole either.
  package func signedState() throws -> LedgerState {
    try provenState(ofSize: ledger.read { try $0.signedSize() })
  }

  private func provenState(ofSize size: Int) throws -> LedgerState {
    var anew = StateKeeper(snapshots, interval: .max)
    let state = try anew.current(size: size, isKeeping: true)
    try anew.prove()
    return state
  }

  /// Every answer, as of the first `size` entries.
  package func state(ofSize size: Int) throws -> LedgerState {
    var state = snapshots.newest(upTo: size)?.state ?? LedgerState()
    return try ledger.read { reader in
      try state.fold(reader, upTo: size)
      return state
    }
  }

  /// Stores a snapshot beside whatever is going on: nobody waits for it, nobody learns that it
  /// failed, and a process that ends first leaves no trace of it.
  private func keep(_ state: LedgerState) {
    keeper.beginKeeping()
    keeping = Task(priority: .utility) { [snapshots, tree = keeper.tree] in
      kept(await snapshots.storeBeside(state, readAs: tree))
    }
  }

  private func kept(_ byteCount: Int?) {
    keeping = nil
    if let byteCount { keeper.kept(byteCount: byteCount) }
  }

  /// Waits for a snapshot that is being stored: for whoever wants the next process to find it.
  package func finishKeeping() async { await keeping?.value }

  /// Signs and appends what was decided on the state that the draft's expectations name.
  ///
  /// - Throws: `AppendError.expectsMismatch` or `.versionNotNext` when the ledger has moved on:
  ///   decide again.
  package func record(
    _ draft: EntryDraft, by signer: Signer, cosigners: [Signer] = [], sealed: [SealedValue] = [],
    versions: [StreamName: Int] = [:]
  ) throws -> Recording {
    try append(draft, by: signer, cosigners: cosigners, sealed: sealed) { stream in
      try versions[stream] ?? version(of: stream) + 1
    }
  }

  /// The version of a stream's newest event.
  ///
  /// - Throws: `LedgerError.streamDiffers` for an index that somebody has altered, `.fileReplaced`
  ///   after a restore.
  private func version(of stream: StreamName) throws -> Int {
    try ledger.demandInPlace()
    let read = keeper.read(of: stream)
    return try ledger.read { reader in
      try reader.version(of: stream, asRead: read.version, inSize: read.size)
    }
  }

  /// Signs and appends what happened: it is true whatever others have recorded meanwhile, so a
  /// conflict over a stream's version only gives it the next one.
  ///
  /// - Parameter versions: Next versions that are conditions, like what the draft expects.
  /// - Throws: `AppendError.expectsMismatch` or `.versionNotNext` when a condition does not hold.
  package func recordFact(
    _ draft: EntryDraft, by signer: Signer, sealed: [SealedValue] = [],
    versions: [StreamName: Int] = [:]
  ) throws -> Recording {
    var attempt = 1
    while true {
      do {
        var first: [StreamName: Int] = [:]
        let recording = try append(draft, by: signer, cosigners: [], sealed: sealed) { stream in
          first[stream] =
            try versions[stream] ?? written.next(of: stream) ?? version(of: stream) + 1
          return first[stream, default: 1]
        }
        written.note(draft, first: first)
        return recording
      } catch let error as AppendError where error.isConflict && attempt < Self.attemptsMax {
        written.forget()
        attempt += 1
      }
    }
  }

  private func append(
    _ draft: EntryDraft, by signer: Signer, cosigners: [Signer], sealed: [SealedValue],
    nextVersion: (StreamName) throws -> Int
  ) throws -> Recording {
    let now = time.now()
    let draft = try attested(draft, by: signer, at: now)
    let writer = EntryWriter(
      origin: origin, seen: try seen ?? ledger.head().seen, at: now, random: random)
    let entry = writer.newID()
    let envelope = try writer.envelope(
      draft, as: entry, signedBy: signer, cosigners: cosigners, sealed: sealed,
      nextVersion: nextVersion)
    let recording = Recording(entry: entry, receipt: try ledger.append(envelope))
    seen = try recording.seen
    return recording
  }

  /// Makes the anchor durable, and remembers what was acknowledged here, so that this user sees
  /// when it is taken away again. Whatever was recorded is durable already.
  package func close() throws {
    try ledger.close()
    guard ledger.purpose == .appending else { return }
    // What cannot be remembered is no less recorded, and a ledger that is another one by now is
    // refused by whoever opens it next.
    if let client { _ = try? ledger.read { try client.check($0) } }
  }
}

extension AppendError {
  /// The ledger has moved on since the entry was built.
  package var isConflict: Bool {
    switch self {
    case .versionNotNext, .expectsMismatch: true
    case .form, .entryReused, .ledgerMismatch, .genesisMissing, .genesisRepeated, .bodyDigest,
      .recordedBackwards, .signatureInvalid, .keyUnknown, .keyNotValid, .actorUnsigned, .kindRole,
      .keyRepeated, .keyWeak, .registrationUnsigned, .logKeyUnpaired, .quorumMissing,
      .incarnationMismatch, .retentionForbidden, .seenAhead, .seenRoot, .becauseUnknown,
      .streamScope, .sealedMissing, .subjectErased:
      false
    }
  }
}
