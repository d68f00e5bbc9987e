import CanonicalJSON
import Events

/// The rows of one entry: header, body and runs.
final class EntryRows {
  private let entry: Statement
  private let body: Statement
  private let run: Statement
  private let names: NameIndex
  private let streams: StreamIndex

  init(_ connection: Connection, streams: StreamIndex) throws(LedgerError) {
    entry = try Statement("INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)", on: connection)
    body = try Statement("INSERT INTO body VALUES (?, ?)", on: connection)
    run = try Statement("INSERT INTO run VALUES (?, ?, ?, ?, ?, ?, ?)", on: connection)
    names = try NameIndex(connection)
    self.streams = streams
  }

  func forget() { names.forget() }

  /// Inserts an entry that every check has let through; the caller commits.
  func insert(_ admitted: AdmittedEntry) throws(LedgerError) {
    try entry.bind(1, admitted.position).bind(2, admitted.recorded.microseconds)
      .bindBlob(3, admitted.leaf).bindBlob(4, admitted.header.entry.bits.bytes)
      .bindBlob(5, admitted.packedSignatures).bindText(6, admitted.headerBytes).run()
    try body.bind(1, admitted.position).bindText(2, admitted.bodyBytes).run()
    var start = 0
    for run in admitted.header.events {
      try insert(run, of: admitted, start: start)
      start += run.count
    }
  }

  private func insert(
    _ events: EventRun, of admitted: AdmittedEntry, start: Int
  ) throws(LedgerError) {
    try run.bind(1, admitted.position).bind(2, start).bind(3, streams.advance(events))
      .bind(4, events.version).bind(5, events.count)
      .bind(6, names.id(of: events.kind, admitted.retention))
      .bind(7, names.id(of: admitted.header.actor)).run()
  }
}
