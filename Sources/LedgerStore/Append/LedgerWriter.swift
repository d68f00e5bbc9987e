import CanonicalJSON
import Events
import TransparencyLog

/// The one that appends: a connection for writing, its statements, and what it knows of the ledger.
///
/// Belongs to its ``Ledger``, whose lock keeps uses apart; between processes the ``WriterLock``
/// does.
final class LedgerWriter {
  let connection: Connection
  private let environment: LedgerEnvironment
  private let lock: WriterLock
  private let anchor: Anchor
  let state: LedgerState
  private let entries: EntryIndex
  private let streams: StreamIndex
  private let begin: Statement
  private let commitment: Statement
  private let rows: EntryRows
  private let lines: LineRows
  let checkpoints: CheckpointRows
  let snapshots: SnapshotRows
  let checkpointer: WALCheckpointer
  private var signer: LogSigner
  private let vault: VaultDoor
  /// Why nothing but a new incarnation may be appended.
  private var refusal: LedgerError?
  /// Why nothing at all may be written any more.
  private var ending: LedgerError?
  /// Whether entries were found that no checkpoint is known to cover.
  private var isTailDoubted = false
  /// Whether everything that was in the log when it was opened is durable.
  private var isLogDurable = false

  /// - Parameter anchored: The note in the anchor. When it lags, or the newest checkpoint is
  ///   missing, a crash came between: both are written now, if the log key is at hand.
  init(
    _ environment: LedgerEnvironment, refusal: LedgerError?, anchored: String?
  ) throws {
    self.environment = environment
    self.refusal = refusal
    let directory = environment.directory
    try OwnedFile.checkOwner(directory.database)
    connection = try Connection(path: directory.database, access: .writing)
    anchor = Anchor(environment.anchor, path: directory.anchor)
    lock = try WriterLock(directory)
    state = try LedgerState(connection, access: .writing)
    begin = try Statement("BEGIN IMMEDIATE", on: connection)
    commitment = try Statement("COMMIT", on: connection)
    entries = try EntryIndex(connection)
    streams = try StreamIndex(connection, access: .writing)
    rows = try EntryRows(connection, streams: streams)
    lines = try LineRows(connection)
    checkpoints = try CheckpointRows(connection, access: .writing)
    snapshots = try SnapshotRows(connection, access: .writing)
    checkpointer = WALCheckpointer(connection)
    signer = LogSigner(environment.secrets.logKeys)
    vault = VaultDoor(environment, entries: entries, ledger: connection)
    if refusal == nil { try settle(anchored: anchored) }
  }

  private func settle(anchored: String?) throws {
    try state.catchUp()
    guard state.size > 0, try checkpoints.note(ofSize: state.size) != anchored else { return }
    // What the anchor covers was verified when the ledger was opened.
    let covered = try anchored.map { try Checkpoint(parsing: SignedNote(stored: $0).text).size }
    isTailDoubted = covered != state.size
    if signer.canSign(size: state.size, custody: state.custody) { _ = try append([]) }
  }

  /// What stands in the log may never have been synced: its writer died, or the disk failed it. It
  /// becomes durable before the first write here builds on it, and before a receipt or the anchor
  /// says that it is. What others write from then on, they sync themselves: frames whose sync
  /// failed are in no index, and are written over.
  private func makeLogDurable() throws(LedgerError) {
    guard !isLogDurable else { return }
    try LogBytes(of: connection).makeDurable()
    isLogDurable = true
  }

  /// Records each envelope that every check lets through, all in one transaction.
  ///
  /// 1. The vault commits. A crash here leaves rows that no entry needs; they are swept.
  /// 2. The ledger commits: from here on the entries are recorded, come what may. A crash before
  ///    leaves the ledger as it was.
  /// 3. The anchor is written. A crash before leaves it lagging, which the next append mends.
  ///
  /// Whoever got no answer appends the same envelopes again and gets receipts for the first.
  ///
  /// - Throws: ``LedgerError``, when nothing can be recorded, or when the anchor could not be
  ///   written after the commit.
  func append(_ envelopes: [SignedEnvelope]) throws -> [Result<Receipt, AppendError>] {
    let signatures = SignatureBatch(envelopes, keys: state.custody.keys)
    let batch = try writing { try record(envelopes, signatures) }
    return try batch.outcomes.map { outcome in
      switch outcome {
      case .failure(let error): .failure(error)
      case .success(let placed): .success(try receipt(placed, under: batch.checkpoint?.note))
      }
    }
  }

  /// Erases a person from the vault; see ``Ledger/erase(_:)``.
  func erase(_ subject: SubjectID) throws {
    try writing {
      let time = environment.time.now()
      if let path = environment.secrets.tombstones {
        try TombstoneFile(path: path).add(subject, at: time)
      }
      try vault.open().erase(subject, at: time)
    }
  }

  /// Runs `work` as the only writer, unless a sync has failed before.
  ///
  /// After a failed sync the kernel forgets what it could not write and takes it for clean: a
  /// second one would succeed and say nothing. So the first ends this writer's right to write, and
  /// whoever opens the ledger next writes again what it reads there (``makeLogDurable()``).
  ///
  /// - Parameter patienceMilliseconds: How long another writer is waited for; nil for the lock's
  ///   own.
  /// - Throws: ``LedgerError/writingEnded(path:)``, and what `work` throws.
  func writing<Result>(
    patienceMilliseconds: Int? = nil, _ work: () throws -> Result
  ) throws -> Result {
    if anchor.syncFailure != nil { end(environment.directory.anchor) }
    if let ending { throw ending }
    do {
      return try lock.holding(patienceMilliseconds: patienceMilliseconds) {
        try makeLogDurable()
        return try work()
      }
    } catch let error as LedgerError {
      if error.isFailedSync { end(environment.directory.database) }
      throw error
    }
  }

  private func end(_ path: String) { ending = .writingEnded(path: path) }

  /// Makes the anchor durable; before the process ends.
  func close() throws(LedgerError) { try anchor.sync() }

  // MARK: - Under the lock

  /// An entry of the ledger, for its receipt.
  private struct Placed {
    let position: Int
    let line: [UInt8]
  }

  private struct Batch {
    var outcomes: [Result<Placed, AppendError>] = []
    var admitted: [AdmittedEntry] = []
    /// Its note, and the text that is stored.
    var checkpoint: (note: SignedNote, text: String)?

    var startsIncarnation: Bool {
      admitted.first?.header.events.contains { $0.kind == IncarnationStarted.kind } ?? false
    }

    /// Whether each of its envelopes was refused: their outcomes say why.
    var isRefused: Bool {
      !outcomes.isEmpty && outcomes.allSatisfy { (try? $0.get()) == nil }
    }
  }

  /// Where entries were lost, the first thing recorded must say so; an incarnation that is refused
  /// itself is answered like any entry, and leaves no trace.
  private func record(
    _ envelopes: [SignedEnvelope], _ signatures: SignatureBatch
  ) throws -> Batch {
    try begin.run()
    do {
      try catchUp()
      try demandSigned()
      try catchAnchorUp()
      var batch = Batch()
      for (envelope, verified) in zip(envelopes, signatures.verified) {
        try admit(envelope, verified, into: &batch)
      }
      if let refusal, !batch.startsIncarnation {
        guard batch.isRefused else { throw refusal }
        try connection.execute("ROLLBACK")
      } else {
        batch.checkpoint = try checkpoint(of: batch)
        try commit(batch)
      }
      return batch
    } catch {
      if connection.isInTransaction { try? connection.execute("ROLLBACK") }
      state.forget()
      forgetNames()
      throw error
    }
  }

  /// After a commit whose anchor could not be written nothing is recorded before it is: at most one
  /// batch is ever beyond it.
  private func catchAnchorUp() throws {
    guard anchor.isBehind, let note = try checkpoints.note(ofSize: state.size) else { return }
    try anchor.write(note)
  }

  private func admit(
    _ envelope: SignedEnvelope, _ verified: Set<KeyID>, into batch: inout Batch
  ) throws {
    do {
      switch try admission(verified).admit(envelope, at: environment.time.now()) {
      case .repeated(let first):
        batch.outcomes.append(
          .success(Placed(position: first, line: try lines.line(at: first).bytes)))
      case .new(let entry):
        try rows.insert(entry)
        try state.append(entry)
        batch.admitted.append(entry)
        batch.outcomes.append(.success(Placed(position: entry.position, line: entry.line)))
      }
    } catch let error as AppendError {
      batch.outcomes.append(.failure(error))
    }
  }

  private func admission(_ verified: Set<KeyID>) -> Admission {
    Admission(
      entries: entries, streams: streams, tree: state.tree, custody: state.custody,
      isErased: { try self.vault.openToSeal().isErased($0) }, position: state.size,
      previous: state.previous, verified: verified)
  }

  /// The checkpoint that the batch's receipts stand under: a new one, or the stored one when
  /// nothing is new and it is there. Nil in an empty ledger.
  private func checkpoint(
    of batch: Batch
  ) throws -> (note: SignedNote, text: String)? {
    guard state.size > 0 else { return nil }
    if batch.admitted.isEmpty, let stored = try checkpoints.note(ofSize: state.size) {
      return (try SignedNote(stored: stored), stored)
    }
    let note = try signer.checkpoint(
      size: state.size, root: try state.tree.root(ofSize: state.size), custody: state.custody)
    let text = note.serialized
    try checkpoints.store(text, size: state.size)
    return (note, text)
  }

  private func commit(_ batch: Batch) throws {
    try environment.observer.reached(.inserted)
    let sealings = batch.admitted.flatMap(\.sealings)
    try vault.store(sealings)
    try environment.observer.reached(.vaultCommitted)
    try commitment.run()
    let startsIncarnation = refusal != nil
    refusal = nil
    try environment.observer.reached(.ledgerCommitted)
    if let note = batch.checkpoint?.text {
      if startsIncarnation {
        try anchor.replace(with: note)
      } else if batch.admitted.isEmpty {
        try anchor.renew(note)
      } else {
        try anchor.write(note)
      }
    }
    try environment.observer.reached(.anchorWritten)
    try vault.noteCommitted(sealings)
    try checkpointer.afterCommit()
  }

  /// Takes in what other processes have appended, under the lock, and forgets what that outdates.
  func catchUp() throws(LedgerError) {
    guard try state.catchUp() else { return }
    forgetNames()
    anchor.forget()
    isTailDoubted = true
  }

  /// Every entry is committed together with a checkpoint that covers it.
  ///
  /// - Throws: ``LedgerError/unsigned(first:size:)`` for what no log key has signed: the next
  ///   checkpoint would be over it as well.
  private func demandSigned() throws {
    guard isTailDoubted, refusal == nil, state.size > 0 else { return }
    guard let note = try checkpoints.newest().map(SignedNote.init(stored:)) else {
      throw LedgerError.unsigned(first: 0, size: state.size)
    }
    let checkpoint = try Checkpoint(parsing: note.text)
    guard checkpoint.size == state.size else {
      throw LedgerError.unsigned(first: min(checkpoint.size, state.size), size: state.size)
    }
    guard try checkpoint.root == state.tree.root(ofSize: state.size),
      try state.custody.isSigned(note, as: checkpoint)
    else { throw LedgerError.unsigned(first: 0, size: state.size) }
    isTailDoubted = false
  }

  private func forgetNames() {
    streams.forget()
    rows.forget()
  }

  // MARK: - After it

  private func receipt(_ placed: Placed, under note: SignedNote?) throws -> Receipt {
    guard let note else { preconditionFailure("an entry was placed, so there is a checkpoint") }
    let proof = try inclusionProof(
      of: placed.position, inTreeOf: state.size, from: state.tree, using: LibcryptoHashing())
    return Receipt(extra: placed.line, index: placed.position, hashes: proof.hashes, note: note)
  }
}
