import CanonicalJSON
import Events

/// One entry as it is stored, copied out.
package struct StoredEntry: Hashable, Sendable {
  package let position: Int
  /// The header's signed bytes.
  package let header: [UInt8]
  /// Nil once pruned.
  package let body: [UInt8]?
  /// Ascending by key id.
  package let signatures: [EntrySignature]
  /// The log's clock.
  package let recorded: Timestamp

  /// The leaf's bytes.
  package var line: EntryLine {
    EntryLine(header: header, signatures: signatures, recorded: recorded)
  }

  /// The header and the events; without a body, none.
  ///
  /// - Throws: ``LedgerError/rowDamaged(position:detail:)``: the row is not what was appended.
  package func read() throws(LedgerError) -> (header: EntryHeader, events: [Recorded]) {
    let (header, data) = try parts()
    let events = data.map {
      Recorded.events(of: header, data: $0, position: position, recorded: recorded)
    }
    return (header, events ?? [])
  }

  /// The header, and one object an event; none without a body.
  ///
  /// - Throws: ``LedgerError/rowDamaged(position:detail:)``: the row is not what was appended.
  package func parts() throws(LedgerError) -> (header: EntryHeader, data: [JSONObject]?) {
    do {
      let parsed = try EntryHeader(parsing: header)
      guard let body else { return (parsed, nil) }
      let read = try EntryBody(parsing: body)
      try read.check(against: parsed)
      return (parsed, read.data)
    } catch {
      throw LedgerError.rowDamaged(position: position, detail: error.clause)
    }
  }
}

/// One entry, borrowed from the database for the length of a call: the way of replay.
package struct EntryView {
  package let position: Int
  /// µs since 1970.
  package let recorded: Int64
  package let header: UnsafeRawBufferPointer
  /// Nil once pruned.
  package let body: UnsafeRawBufferPointer?
  /// keyid 32 ‖ signature 64 of each, ascending by key id.
  package let signatures: UnsafeRawBufferPointer
}
