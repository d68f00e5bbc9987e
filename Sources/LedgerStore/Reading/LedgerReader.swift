import CanonicalJSON
import Events
import TransparencyLog

/// Reads a ledger through a connection of its own, which cannot write.
///
/// What is appended meanwhile is seen by the next call. Belongs to one task at a time; make one
/// each to read in parallel.
package final class LedgerReader {
  private let connection: Connection
  let state: LedgerState
  private let checkpoints: CheckpointRows
  private let streams: StreamRows
  private let entries: EntryIndex
  private let lines: LineRows
  private let cursor: EntryCursor
  private let snapshots: SnapshotRows
  /// The note that was parsed last: whoever asks often finds it unchanged.
  private var parsed: (text: String, note: SignedNote)?

  init(_ directory: LedgerDirectory) throws(LedgerError) {
    try directory.check()
    connection = try Schema.ledger.open(directory.database, access: .reading)
    state = try LedgerState(connection, access: .reading)
    checkpoints = try CheckpointRows(connection, access: .reading)
    streams = try StreamRows(connection)
    entries = try EntryIndex(connection)
    lines = try LineRows(connection)
    cursor = try EntryCursor(connection)
    snapshots = try SnapshotRows(connection, access: .reading)
    try state.catchUp()
  }

  /// Where the ledger stands now.
  package func head() throws -> LedgerHead {
    // Size and checkpoint of one moment: the next append replaces the checkpoint.
    try connection.execute("BEGIN")
    defer { try? connection.execute("COMMIT") }
    try state.catchUp()
    let size = state.size
    return LedgerHead(
      size: size, root: try state.tree.root(ofSize: size), origin: state.custody.origin,
      recorded: state.previous,
      checkpoint: try checkpoints.note(ofSize: size).map { try note($0) })
  }

  private func note(_ text: String) throws -> SignedNote {
    if let parsed, parsed.text.utf8.elementsEqual(text.utf8) { return parsed.note }
    let note = try SignedNote(stored: text)
    parsed = (text, note)
    return note
  }

  /// Who may sign, as of now.
  package func custody() throws(LedgerError) -> LedgerCustody {
    try state.catchUp()
    return state.custody
  }
}

// Streams.
extension LedgerReader {
  /// The version of the stream's newest event among the first `size` entries; 0 for a stream that
  /// does not exist there.
  package func version(
    of stream: StreamName, inSize size: Int = .max
  ) throws(LedgerError) -> Int {
    try newest(of: stream, inSize: size)?.version ?? 0
  }

  /// The same with the position of its entry, by the index of streams, which somebody may have
  /// altered; nil for a stream that does not exist there.
  package func newest(
    of stream: StreamName, inSize size: Int = .max
  ) throws(LedgerError) -> (version: Int, position: Int)? {
    try streams.newest(of: stream, inSize: size)
  }

  /// Where an event stands: the entry's position, and the index in it.
  package func place(
    of stream: StreamName, version: Int
  ) throws(LedgerError) -> (position: Int, index: Int)? {
    try streams.place(of: stream, version: version)
  }
}

// Entries.
extension LedgerReader {
  /// Where the entry with this id stands; nil when it does not.
  package func position(of entry: EntryID) throws(LedgerError) -> Int? {
    try entries.position(of: entry)
  }

  /// One entry, whose line has the hash that the tree has there.
  ///
  /// - Throws: ``LedgerError/positionOutside(position:size:)``,
  ///   ``LedgerError/rowDamaged(position:detail:)``.
  package func entry(at position: Int) throws -> StoredEntry {
    if position >= state.size { try state.catchUp() }
    guard position >= 0, position < state.size else {
      throw LedgerError.positionOutside(position: position, size: state.size)
    }
    var found: StoredEntry?
    try cursor.forEach(in: position..<position + 1) {
      found = try StoredEntry($0)
      return true
    }
    guard let found else {
      throw LedgerError.rowDamaged(position: position, detail: "it is missing")
    }
    try compareLeaf(of: found)
    return found
  }

  private func compareLeaf(of entry: StoredEntry) throws {
    let leaf = entry.line.bytes.withUnsafeBytes { LibcryptoHashing().leaf($0) }
    let placed = try state.tree.hash(level: 0, index: entry.position)
    guard leaf == placed else {
      throw LedgerError.rowDamaged(
        position: entry.position,
        detail: "its header, signatures and time hash to \(leaf.hex), the tree has \(placed.hex)")
    }
  }

  /// Lends the entries at `positions`, in order, to `visit`, until it answers false.
  ///
  /// The bytes are the database's own and valid during the call only: nothing is copied or parsed.
  /// Bodies are those that the headers state; whether a header is the one in the tree is looked at
  /// by ``entry(at:)`` and ``proven(at:)``, and for all of them by `stele verify`.
  package func forEachEntry(
    in positions: Range<Int>, _ visit: (EntryView) throws -> Bool
  ) throws {
    try cursor.forEach(in: positions, visit)
  }

  /// Gives the events at `positions`, in order, to `visit`; entries without a body have none left.
  package func forEachRecorded(
    in positions: Range<Int>, _ visit: (Recorded) throws -> Void
  ) throws {
    try cursor.forEach(in: positions) { view in
      for recorded in try StoredEntry(view).read().events { try visit(recorded) }
      return true
    }
  }

  /// Positions of the entries that match, ascending.
  package func positions(matching filter: EntryFilter) throws(LedgerError) -> [Int] {
    try state.catchUp()
    let first = try filter.from.map { time throws(LedgerError) in try size(before: time) } ?? 0
    let end =
      try filter.until.map { time throws(LedgerError) in try size(before: time) } ?? state.size
    guard first < end else { return [] }
    return try EntrySelection(filter, in: first..<end).positions(on: connection)
  }

  /// How many entries were recorded before `time`: also the size of the ledger then.
  package func size(before time: Timestamp) throws(LedgerError) -> Int {
    try state.catchUp()
    // `recorded` never decreases, so halving finds it in 40 steps at most.
    var (low, high) = (0, state.size)
    while low < high {
      let middle = low + (high - low) / 2
      if try lines.recorded(at: middle) < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

// Proofs.
extension LedgerReader {
  /// The root of the first `size` entries.
  package func root(ofSize size: Int) throws -> Digest {
    try state.catchUp()
    return try state.tree.root(ofSize: size)
  }

  /// That the entry at `position` is among the first `size`.
  package func inclusion(of position: Int, inSize size: Int) throws -> InclusionProof {
    try state.catchUp()
    return try inclusionProof(
      of: position, inTreeOf: size, from: state.tree, using: LibcryptoHashing())
  }

  /// That the first `size` entries are the beginning of the first `later`.
  package func consistency(from size: Int, to later: Int) throws -> ConsistencyProof {
    try state.catchUp()
    return try consistencyProof(
      from: size, to: later, from: state.tree, using: LibcryptoHashing())
  }

  /// A receipt for the entry at `position` under the newest checkpoint.
  ///
  /// - Throws: ``LedgerError/positionOutside(position:size:)``.
  package func receipt(for position: Int) throws -> Receipt {
    guard let stored = try newestCheckpoint(),
      case let size = try Checkpoint(parsing: stored.text).size, position < size
    else { throw LedgerError.positionOutside(position: position, size: state.size) }
    let proof = try inclusion(of: position, inSize: size)
    return Receipt(
      extra: try lines.line(at: position).bytes, index: position, hashes: proof.hashes,
      note: stored)
  }
}

// What is kept beside the entries.
extension LedgerReader {
  /// The stored checkpoint of `size` entries: the newest has one, and those that witnesses signed.
  package func checkpoint(ofSize size: Int) throws -> SignedNote? {
    try checkpoints.note(ofSize: size).map { try note($0) }
  }

  /// The checkpoint of everything recorded; nil in an empty ledger.
  func newestCheckpoint() throws -> SignedNote? {
    try checkpoints.newest().map { try note($0) }
  }

  func snapshot(
    _ name: String, revision: Int, upTo size: Int, key: [UInt8]
  ) throws -> Snapshot? {
    try state.catchUp()
    return try snapshots.newest(name, revision: revision, upTo: min(size, state.size), key: key) {
      try self.state.tree.root(ofSize: $1) == $0
    }
  }
}
