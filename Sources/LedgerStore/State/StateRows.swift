import CanonicalJSON
import Events

/// The few rows from which a ledger's state is made.
final class StateRows {
  struct Newest {
    let position: Int
    let recorded: Timestamp
  }

  struct Governing {
    let position: Int
    let ledger: Origin
    let events: [GoverningEvent]
  }

  private let newestRow: Statement
  /// From all streams of keys; for a ledger that is opened.
  private let governingByStream: Statement
  /// From the last entries; for a few that came since.
  private let governingByPosition: Statement
  private let texts: Statement
  private let check = BodyCheck()

  init(_ connection: Connection) throws(LedgerError) {
    newestRow = try Statement(
      "SELECT position, recorded FROM entry ORDER BY position DESC LIMIT 1", on: connection)
    let condition = """
      WHERE (stream.name = 'ledger/main' OR (stream.name >= 'key/' AND stream.name < 'key0'))
        AND run.position >= ?
      ORDER BY run.position
      """
    governingByStream = try Statement(
      """
      SELECT DISTINCT run.position FROM stream CROSS JOIN run ON run.stream = stream.id
      \(condition)
      """, on: connection)
    governingByPosition = try Statement(
      """
      SELECT DISTINCT run.position FROM run CROSS JOIN stream ON stream.id = run.stream
      \(condition)
      """, on: connection)
    texts = try Statement(
      """
      SELECT header, body, recorded, signatures FROM entry LEFT JOIN body USING (position)
      WHERE entry.position = ?
      """, on: connection)
  }

  func newest() throws(LedgerError) -> Newest? {
    defer { newestRow.reset() }
    guard try newestRow.step() else { return nil }
    let position = newestRow.integer(0)
    guard (0..<Limits.integerMagnitude).contains(position) else {
      throw LedgerError.rowDamaged(position: position, detail: "nothing can stand there")
    }
    return Newest(position: position, recorded: try newestRow.time(1, at: position))
  }

  /// The entries from `first` on that change origins or keys, in order.
  ///
  /// - Parameter isNear: Whether `first` is close to the end.
  func governing(from first: Int, isNear: Bool) throws(LedgerError) -> [Governing] {
    let positions = isNear ? governingByPosition : governingByStream
    positions.bind(1, first)
    defer { positions.reset() }
    var entries: [Governing] = []
    while try positions.step() {
      entries.append(try governing(at: positions.integer(0)))
    }
    return entries
  }

  private func governing(at position: Int) throws(LedgerError) -> Governing {
    texts.bind(1, position)
    defer { texts.reset() }
    guard try texts.step(), !texts.isNull(1) else {
      throw LedgerError.rowDamaged(position: position, detail: "its body is missing")
    }
    try check.check(
      EntryView(
        position: position, recorded: Int64(texts.integer(2)), header: texts.borrowed(0),
        body: texts.borrowed(1), signatures: texts.borrowed(3)))
    do {
      let header = try EntryHeader(parsing: texts.bytes(0))
      let body = try EntryBody(parsing: texts.bytes(1))
      try body.check(against: header)
      return Governing(
        position: position, ledger: header.ledger,
        events: try GoverningEvent.all(in: body, of: header))
    } catch {
      throw LedgerError.rowDamaged(position: position, detail: error.clause)
    }
  }
}

extension Statement {
  /// A time in microseconds; `position` is for the message.
  func time(_ column: Int32, at position: Int) throws(LedgerError) -> Timestamp {
    guard let time = Timestamp(microseconds: Int64(integer(column))) else {
      throw LedgerError.rowDamaged(position: position, detail: "its time is beyond the calendar")
    }
    return time
  }
}
