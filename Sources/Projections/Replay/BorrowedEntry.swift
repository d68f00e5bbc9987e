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

  /// The same events, checked again only where something of them is not as an append leaves it.
  ///
  /// - Throws: As ``events()``.
  package func eventsAsAppended() throws(EntryFormError) -> [Recorded] {
    if let events = glancedEvents() { return events }
    return try events()
  }

  /// The same events, without checking again what an append has checked: nil when that shows, and
  /// then ``events()`` says what is wrong.
  func glancedEvents() -> [Recorded]? {
    guard let body, var header = HeaderGlance(header) else { return nil }
    do {
      var events: [Recorded] = []
      var cursor = JSONCursor(body)
      try cursor.beginObject()
      guard let key = try cursor.nextKey(), key == "data" else { return nil }
      try cursor.beginArray()
      while let glance = try header.next() {
        guard let run = glance.typed else { return nil }
        for offset in 0..<run.count {
          guard try cursor.nextElement() else { return nil }
          let data = try cursor.readObject()
          events.append(event(events.count, of: run, offset, data: data, header))
        }
      }
      return events
    } catch { return nil }
  }

  /// One event of the entry, when its data has been read already; nil when the run's names are
  /// none.
  func event(
    _ index: Int, of run: RunGlance, _ offset: Int, data: JSONObject, _ header: HeaderGlance
  ) -> Recorded? {
    run.typed.map { event(index, of: $0, offset, data: data, header) }
  }

  /// - Parameter offset: Within `run`.
  private func event(
    _ index: Int, of run: EventRun, _ offset: Int, data: JSONObject, _ header: HeaderGlance
  ) -> Recorded {
    Recorded(
      position: position, index: index, recorded: recorded, entry: header.entry,
      actor: header.actor, behalf: header.behalf, scope: run.scope, stream: run.stream,
      version: run.version + offset, event: LedgerEvent.reading(kind: run.kind, data: data))
  }
}
