import CanonicalJSON

/// Reads `entry`, `body` and `run` together, in position order, and rebuilds the lines.
struct EntryRows {
  private let reader: SQLiteReader
  private var names = RunNames()

  private static let entries = """
    SELECT entry.position, recorded, leaf, entry, signatures, header, body
    FROM entry LEFT JOIN body ON body.position = entry.position
    WHERE entry.position >= ? AND entry.position < ? ORDER BY entry.position
    """

  private static let runs = """
    SELECT position, start, stream, version, count, kind, actor
    FROM run WHERE position >= ? AND position < ? ORDER BY position, start
    """

  init(_ reader: SQLiteReader) { self.reader = reader }

  /// Hands each entry of `positions` to `each`; what follows a gap keeps the position it has.
  mutating func read(
    _ positions: Range<Int>, _ each: (EntryBytes) -> Void
  ) throws(LedgerReadError) {
    let range: [SQLiteParameter] = [.integer(positions.lowerBound), .integer(positions.upperBound)]
    let rows = try reader.cursor(EntryRows.entries, range)
    let runs = try reader.cursor(EntryRows.runs, range)
    defer {
      rows.reset()
      runs.reset()
    }
    var run = try runs.next()
    var builder = LineBuilder()
    var expected = positions.lowerBound
    while let row = try rows.next() {
      let position = row.integer(0)
      var stored: [StoredRun] = []
      while let current = run, current.integer(0) <= position {
        // A run of a position that has no entry would be counted, and compared with nothing.
        if current.integer(0) == position { stored.append(try names.run(current, reader)) }
        run = try runs.next()
      }
      builder.build(
        header: row.bytes(5), signatures: row.bytes(4), recorded: Int64(row.integer(1)))
      let beside = StoredEntry(
        position: position, leaf: row.digest(2), entry: Array(row.bytes(3)), runs: stored)
      builder.bytes.withUnsafeBytes { line in
        each(
          EntryBytes(
            position: expected, line: line, body: row.isNull(6) ? nil : row.bytes(6),
            stored: beside))
      }
      expected += 1
    }
  }
}

/// The names behind the numbers in `run`, looked up once each.
private struct RunNames {
  private struct Stream {
    let name: String
    let application: String?
    let environment: String?
  }

  private var streams: [Int: Stream] = [:]
  private var kinds: [Int: (name: String, retention: String)] = [:]
  private var actors: [Int: [UInt8]] = [:]

  mutating func run(
    _ row: SQLiteRow, _ reader: SQLiteReader
  ) throws(LedgerReadError) -> StoredRun {
    let stream = try self.stream(row.integer(2), reader)
    let kind = try self.kind(row.integer(5), reader)
    return StoredRun(
      start: row.integer(1), stream: stream.name, application: stream.application,
      environment: stream.environment, version: row.integer(3), count: row.integer(4),
      kind: kind.name, retention: kind.retention, actor: try actor(row.integer(6), reader))
  }

  private mutating func stream(
    _ id: Int, _ reader: SQLiteReader
  ) throws(LedgerReadError) -> Stream {
    if let known = streams[id] { return known }
    var found = Stream(name: "", application: nil, environment: nil)
    try reader.query(
      "SELECT name, application, environment FROM stream WHERE id = ?", [.integer(id)]
    ) {
      found = Stream(
        name: $0.text(0), application: $0.optionalText(1), environment: $0.optionalText(2))
      return false
    }
    streams[id] = found
    return found
  }

  private mutating func kind(
    _ id: Int, _ reader: SQLiteReader
  ) throws(LedgerReadError) -> (name: String, retention: String) {
    if let known = kinds[id] { return known }
    var found = (name: "", retention: "")
    try reader.query("SELECT name, class FROM kind WHERE id = ?", [.integer(id)]) {
      found = ($0.text(0), $0.text(1))
      return false
    }
    kinds[id] = found
    return found
  }

  private mutating func actor(_ id: Int, _ reader: SQLiteReader) throws(LedgerReadError) -> [UInt8]
  {
    if let known = actors[id] { return known }
    var found: [UInt8] = []
    try reader.query("SELECT actor FROM actor WHERE id = ?", [.integer(id)]) {
      found = Array($0.bytes(0))
      return false
    }
    actors[id] = found
    return found
  }
}
