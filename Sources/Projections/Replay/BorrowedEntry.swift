import CanonicalJSON
import Events

/// An entry as the store has it, borrowed for one step of a replay.
package struct BorrowedEntry {
  package let position: Int
  package let recorded: Timestamp
  /// The header's exact bytes.
  package let header: UnsafeRawBufferPointer
  /// The body's exact bytes; nil once it was pruned.
  package let body: UnsafeRawBufferPointer?

  package init(
    position: Int, recorded: Timestamp, header: UnsafeRawBufferPointer,
    body: UnsafeRawBufferPointer?
  ) {
    self.position = position
    self.recorded = recorded
    self.header = header
    self.body = body
  }

  /// The entry's events, read properly.
  ///
  /// - Throws: ``EntryFormError/bodyForm(_:)`` also when the body is missing although it is
  ///   permanent;
  ///   the events of any other missing body are none.
  package func events() throws(EntryFormError) -> [Recorded] {
    let header = try EntryHeader(parsing: Array(header))
    guard let body else {
      let rules = header.events.compactMap { KindCatalogue.rule(for: $0.kind) }
      guard !rules.contains(where: { $0.retention == .permanent }) else {
        throw EntryFormError.bodyForm(.field(path: "", expected: "present, as it is permanent"))
      }
      return []
    }
    let data = try EntryBody(parsing: Array(body))
    try data.check(against: header)
    return Recorded.events(
      of: header, data: data.data, position: position, recorded: recorded)
  }

  /// One event of the entry, when its data has been read already.
  func event(_ index: Int, data: JSONObject) -> Recorded? {
    guard let header = try? EntryHeader(parsing: Array(header)) else { return nil }
    var first = 0
    for run in header.events {
      if index < first + run.count {
        return Recorded(
          position: position, index: index, recorded: recorded, entry: header.entry,
          actor: header.actor, behalf: header.behalf, scope: run.scope, stream: run.stream,
          version: run.version + index - first,
          event: LedgerEvent.reading(kind: run.kind, data: data))
      }
      first += run.count
    }
    return nil
  }
}
