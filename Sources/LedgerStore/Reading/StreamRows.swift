import Events

/// Streams for readers, who keep nothing: another process may have appended since.
final class StreamRows {
  private let newest: Statement
  private let event: Statement

  init(_ connection: Connection) throws(LedgerError) {
    newest = try Statement(
      """
      SELECT version + count - 1, position FROM run
      WHERE stream = (SELECT id FROM stream WHERE name = ?) AND position < ?
      ORDER BY version DESC LIMIT 1
      """, on: connection)
    event = try Statement(
      """
      SELECT position, start, version, count FROM run
      WHERE stream = (SELECT id FROM stream WHERE name = ?) AND version <= ?
      ORDER BY version DESC LIMIT 1
      """, on: connection)
  }

  func newest(
    of stream: StreamName, inSize size: Int
  ) throws(LedgerError) -> (version: Int, position: Int)? {
    newest.bindText(1, stream.text).bind(2, size)
    defer { newest.reset() }
    guard try newest.step() else { return nil }
    return (newest.integer(0), newest.integer(1))
  }

  func place(
    of stream: StreamName, version: Int
  ) throws(LedgerError) -> (position: Int, index: Int)? {
    event.bindText(1, stream.text).bind(2, version)
    defer { event.reset() }
    guard try event.step() else { return nil }
    let offset = version - event.integer(2)
    guard offset < event.integer(3) else { return nil }
    return (event.integer(0), event.integer(1) + offset)
  }
}
