import CanonicalJSON
import Events

/// The SQL of an ``EntryFilter``: positions of matching entries, newest first.
///
/// Without a stream it scans `run`, 20 bytes a row; with one it uses that stream's index. Who was
/// acted for only headers say: those are scanned then.
struct EntrySelection {
  private enum Value {
    case text(String)
    case blob([UInt8])
    case integer(Int)
  }

  private let sql: String
  private let values: [Value]

  /// - Parameter range: Positions that the filter's times allow.
  init(_ filter: EntryFilter, in range: Range<Int>) {
    var conditions = ["run.position >= ?", "run.position < ?"]
    var values: [Value] = [.integer(range.lowerBound), .integer(range.upperBound)]
    func require(_ condition: String, _ value: Value?) {
      guard let value else { return }
      conditions.append(condition)
      values.append(value)
    }
    require(
      "run.stream = (SELECT id FROM stream WHERE name = ?)", filter.stream.map { .text($0.text) })
    if let kind = filter.kind {
      let isAny = !kind.isVersioned
      require(
        "run.kind IN (SELECT id FROM kind WHERE name \(isAny ? "GLOB" : "=") ?)",
        .text(isAny ? kind.text + ".v*" : kind.text))
    }
    require("stream.application = ?", filter.application.map { .text($0.rawValue) })
    require("stream.environment = ?", filter.environment.map { .text($0.rawValue) })
    require(
      "run.actor = (SELECT id FROM actor WHERE actor = ?)",
      filter.actor.map { .blob($0.bits.bytes) })
    if filter.isForOthers {
      // Of a header's members only this one is called so, and no text in it has a quote.
      conditions.append(
        #"run.position IN (SELECT position FROM entry WHERE instr(header, ',"behalf":{') > 0)"#)
    }
    values.append(.integer(filter.limit ?? -1))  // SQLite: no limit
    sql =
      """
      SELECT DISTINCT run.position FROM run JOIN stream ON stream.id = run.stream
      WHERE \(conditions.joined(separator: " AND "))
      ORDER BY run.position DESC LIMIT ?
      """
    self.values = values
  }

  /// Ascending.
  func positions(on connection: Connection) throws(LedgerError) -> [Int] {
    let rows = try Statement(sql, on: connection)
    for (index, value) in values.enumerated() {
      switch value {
      case .text(let text): rows.bindText(Int32(index + 1), text)
      case .blob(let bytes): rows.bindBlob(Int32(index + 1), bytes)
      case .integer(let integer): rows.bind(Int32(index + 1), integer)
      }
    }
    defer { rows.reset() }
    var positions: [Int] = []
    while try rows.step() { positions.append(rows.integer(0)) }
    return positions.reversed()
  }
}
