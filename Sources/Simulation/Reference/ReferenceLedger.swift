import CanonicalJSON
import Events
import LedgerStore
import TransparencyLog

/// What the ledger must hold, told from outside: acknowledged entries for ever, and of the attempts
/// that nobody got an answer for either all of a batch or nothing.
final class ReferenceLedger {
  private(set) var entries: [KnownEntry] = []
  private(set) var tree = ReferenceTree()
  private(set) var origin: Origin
  private var versions: [StreamName: Int] = [:]
  /// So many leading entries must outlive anything.
  private(set) var acknowledged = 0
  /// Whether the power was gone since the last look: what was not acknowledged may be gone too.
  private var mayHaveLost = false
  /// Batches whose outcome nobody knows: of each, what would be recorded.
  private(set) var unsettled: [[Attempt]] = []

  private static let heldMicroseconds: Int64 = 1_000_000
  private static let skewMicroseconds: Int64 = 15 * 60 * 1_000_000

  init(origin: Origin) { self.origin = origin }

  var size: Int { entries.count }

  func root(ofSize size: Int) -> Digest { tree.root(ofSize: size) }

  func version(of stream: StreamName) -> Int { versions[stream, default: 0] }

  func powerWasLost() { mayHaveLost = true }

  /// Nobody got an answer for these: they may stand in the ledger from the next look on.
  func leaveOpen(_ batch: [Attempt], _ verdicts: [Verdict]) {
    let new = zip(batch, verdicts).filter { if case .recorded = $1 { true } else { false } }
    if !new.isEmpty { unsettled.append(new.map(\.0)) }
  }

  /// The rest was lost, and an incarnation is about to say so.
  func giveUp(beyond size: Int) {
    acknowledged = min(acknowledged, size)
    truncate(to: size)
    unsettled = []
  }

  private func truncate(to size: Int) {
    for entry in entries[size...].reversed() {
      for run in entry.header.events { versions[run.stream] = run.version - 1 }
    }
    entries.removeLast(entries.count - size)
    tree.truncate(to: size)
  }

  /// What a history begins with was acknowledged before it.
  func acknowledgeAll() { acknowledged = size }

  func append(_ entry: KnownEntry, leaf: Digest) {
    entries.append(entry)
    tree.append(leaf)
    for run in entry.header.events { versions[run.stream] = run.lastVersion }
    origin = entry.header.ledger
  }
}

// What must become of an append.
extension ReferenceLedger {
  /// FORMAT.md's rules as far as the simulation tries them, one attempt after the other.
  func verdicts(on batch: [Attempt], at now: Timestamp) -> [Verdict] {
    var versions = versions
    var size = size
    var previous = entries.last?.recorded
    return batch.map { attempt in
      if let known = entries.firstIndex(where: { $0.header.entry == attempt.id }) {
        return isTimely(now, after: previous) ? .repeated(at: known) : .refused
      }
      guard isTimely(now, after: previous), !attempt.isForged, isOfOrigin(attempt.header),
        isAccepted(attempt.header, at: max(now, previous ?? now)), knows(attempt.header.seen),
        attempt.header.events.allSatisfy({ $0.version == versions[$0.stream, default: 0] + 1 })
      else { return .refused }
      for run in attempt.header.events { versions[run.stream] = run.lastVersion }
      previous = max(now, previous ?? now)
      size += 1
      return .recorded(at: size - 1)
    }
  }

  private func isOfOrigin(_ header: EntryHeader) -> Bool {
    let starts = header.events.contains { $0.kind == IncarnationStarted.kind }
    return header.ledger == (starts ? origin.next : origin)
  }

  private func isTimely(_ now: Timestamp, after previous: Timestamp?) -> Bool {
    previous.map { $0.microseconds(since: now) <= Self.heldMicroseconds } ?? true
  }

  private func isAccepted(_ header: EntryHeader, at recorded: Timestamp) -> Bool {
    abs(recorded.microseconds(since: header.at)) <= Self.skewMicroseconds
  }

  private func knows(_ seen: Seen) -> Bool {
    seen.size <= size && tree.root(ofSize: seen.size) == seen.root
  }
}

// What the ledger says.
extension ReferenceLedger {
  /// Takes the answers to an append that got through.
  func settle(
    _ batch: [Attempt], _ verdicts: [Verdict], _ results: [Result<Receipt, AppendError>]
  ) throws {
    for (verdict, result) in zip(verdicts, results) {
      if case .failure(let error) = result, verdict != .refused {
        throw Deviation.verdictWrong(expected: "\(verdict)", actual: error.code)
      }
      if case .success(let receipt) = result, verdict == .refused {
        throw Deviation.verdictWrong(expected: "refused", actual: "recorded(\(receipt.index))")
      }
    }
    for (attempt, result) in zip(batch, results) {
      if case .success(let receipt) = result { try place(attempt, receipt) }
    }
    for result in results {
      if case .success(let receipt) = result { try acknowledge(receipt) }
    }
    let settled = Set(zip(batch, results).filter { (try? $1.get()) != nil }.map(\.0.id))
    unsettled.removeAll { $0.contains { settled.contains($0.id) } }
  }

  private func place(_ attempt: Attempt, _ receipt: Receipt) throws {
    let line = try receipt.extra.map { try EntryLine(parsing: $0) }
    guard let line, line.header == attempt.envelope.header else {
      throw Deviation.receiptWrong(position: receipt.index, detail: "it is of another entry")
    }
    let leaf = ReferenceTree.leaf(of: line.bytes)
    if receipt.index < size {
      guard tree.leaves[receipt.index] == leaf else {
        throw Deviation.receiptWrong(position: receipt.index, detail: "another entry stands there")
      }
    } else if receipt.index == size {
      append(KnownEntry(attempt, recorded: line.recorded), leaf: leaf)
    } else {
      throw Deviation.receiptWrong(position: receipt.index, detail: "the size is \(size)")
    }
  }

  private func acknowledge(_ receipt: Receipt) throws {
    let checkpoint = try Checkpoint(parsing: receipt.note.text)
    try compareRoot(checkpoint.root, ofSize: checkpoint.size)
    let proof = receipt.inclusionProof(under: checkpoint)
    guard checkpoint.size == size, checkpoint.origin == origin.description,
      proof.hashes == tree.inclusionPath(of: receipt.index, inSize: checkpoint.size)
    else {
      throw Deviation.receiptWrong(position: receipt.index, detail: "its checkpoint or proof")
    }
    acknowledged = size
  }

  private func compareRoot(_ actual: Digest, ofSize size: Int) throws {
    guard size <= self.size else {
      throw Deviation.entryInvented(position: self.size)
    }
    let expected = tree.root(ofSize: size)
    guard actual == expected else {
      throw Deviation.rootWrong(size: size, expected: expected, actual: actual)
    }
  }

  /// Compares what a reader sees: all entries, or the last few with the root over all.
  func compare(_ head: LedgerHead, _ newest: [StoredEntry]) throws {
    if head.size < size {
      guard mayHaveLost, head.size >= acknowledged else {
        throw Deviation.entriesLost(size: head.size, known: mayHaveLost ? acknowledged : size)
      }
      truncate(to: head.size)
    }
    mayHaveLost = false
    for entry in newest where entry.position < size { try compare(entry) }
    try discover(newest.filter { $0.position >= size })
    try compareRoot(head.root, ofSize: head.size)
    guard let note = head.checkpoint else { throw Deviation.checkpointMissing(size: head.size) }
    let checkpoint = try Checkpoint(parsing: note.text)
    try compareRoot(checkpoint.root, ofSize: checkpoint.size)
  }

  private func compare(_ entry: StoredEntry) throws {
    guard ReferenceTree.leaf(of: entry.line.bytes) == tree.leaves[entry.position] else {
      throw Deviation.entryChanged(position: entry.position)
    }
  }

  /// Entries that are there without an answer: whole batches that somebody tried, and nothing else.
  private func discover(_ found: [StoredEntry]) throws {
    var rest = found[...]
    while let first = rest.first {
      let tried = unsettled.filter { $0.first?.envelope.header == first.header }
      guard first.position == size, !tried.isEmpty else {
        throw Deviation.entryInvented(position: first.position)
      }
      // The same entry may have been tried alone and with others: the longest that fits.
      let whole = tried.filter { rest.map(\.header).starts(with: $0.map(\.envelope.header)) }
      guard let batch = whole.max(by: { $0.count < $1.count }) else {
        throw Deviation.batchHalved(position: first.position)
      }
      let ids = Set(batch.map(\.id))
      unsettled.removeAll { $0.contains { ids.contains($0.id) } }
      for (attempt, entry) in zip(batch, rest) {
        append(
          KnownEntry(attempt, recorded: entry.recorded),
          leaf: ReferenceTree.leaf(of: entry.line.bytes))
      }
      rest = rest.dropFirst(batch.count)
    }
  }
}

extension Origin {
  /// Of the incarnation after this one.
  var next: Origin? { Origin(name: name, log: log, incarnation: incarnation + 1) }
}
