import CanonicalJSON
import Events

/// Streams by name: their newest version, and the scope they have for life.
///
/// What was asked is kept, since the streams of one application come again and again; the owner
/// forgets it when another process has written, or a transaction was rolled back.
final class StreamIndex {
  struct Stream {
    let id: Int
    let scope: Scope
    /// Of its newest event.
    var version: Int
  }

  /// About 1 MB at most.
  private static let kept = 4_096

  private let select: Statement
  private let insert: Statement?
  private var streams: [StreamName: Stream?] = [:]

  init(_ connection: Connection, access: Connection.Access) throws(LedgerError) {
    select = try Statement(
      """
      SELECT stream.id, stream.application, stream.environment,
        (SELECT version + count - 1 FROM run WHERE run.stream = stream.id
         ORDER BY version DESC LIMIT 1)
      FROM stream WHERE stream.name = ?
      """, on: connection)
    insert =
      access == .writing
      ? try Statement(
        "INSERT INTO stream (name, application, environment) VALUES (?, ?, ?) RETURNING id",
        on: connection) : nil
  }

  func forget() { streams.removeAll(keepingCapacity: true) }

  /// 0 for a stream that does not exist.
  func version(of name: StreamName) throws(LedgerError) -> Int {
    try stream(name)?.version ?? 0
  }

  func stream(_ name: StreamName) throws(LedgerError) -> Stream? {
    if let known = streams[name] { return known }
    if streams.count >= Self.kept { forget() }
    let found = try read(name)
    streams[name] = .some(found)
    return found
  }

  private func read(_ name: StreamName) throws(LedgerError) -> Stream? {
    select.bindText(1, name.text)
    defer { select.reset() }
    guard try select.step() else { return nil }
    return Stream(
      id: select.integer(0),
      scope: Scope(
        application: select.optionalText(1).flatMap(ApplicationName.init(rawValue:)),
        environment: select.optionalText(2).flatMap(EnvironmentName.init(rawValue:))),
      version: select.integer(3))
  }

  /// The stream's row, made when it is new, with the version that it has after `run`.
  func advance(_ run: EventRun) throws(LedgerError) -> Int {
    let id = if let known = try stream(run.stream) { known.id } else { try make(run) }
    streams[run.stream] = Stream(id: id, scope: run.scope, version: run.lastVersion)
    return id
  }

  private func make(_ run: EventRun) throws(LedgerError) -> Int {
    guard let insert else { preconditionFailure("streams are made by writers") }
    insert.bindText(1, run.stream.text).bindText(2, run.application?.rawValue)
      .bindText(3, run.environment?.rawValue)
    defer { insert.reset() }
    guard try insert.step() else { return 0 }
    return insert.integer(0)
  }
}
