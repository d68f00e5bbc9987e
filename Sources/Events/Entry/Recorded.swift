import CanonicalJSON

/// One event with where, when and by whom it was recorded: what projections are folded from.
package struct Recorded: Hashable, Sendable {
  /// Of the entry in the ledger, from 0.
  package let position: Int
  /// Of the event in its entry, from 0.
  package let index: Int
  /// The log's clock, which never runs backwards.
  package let recorded: Timestamp
  package let entry: EntryID
  /// Who signed.
  package let actor: ActorID
  /// For whom, when the signer only attests.
  package let behalf: Behalf?
  package let scope: Scope
  package let stream: StreamName
  package let version: Int
  package let event: LedgerEvent

  package init(
    position: Int, index: Int, recorded: Timestamp, entry: EntryID, actor: ActorID,
    behalf: Behalf?, scope: Scope, stream: StreamName, version: Int, event: LedgerEvent
  ) {
    self.position = position
    self.index = index
    self.recorded = recorded
    self.entry = entry
    self.actor = actor
    self.behalf = behalf
    self.scope = scope
    self.stream = stream
    self.version = version
    self.event = event
  }

  package var application: ApplicationName? { scope.application }
  package var environment: EnvironmentName? { scope.environment }

  /// Who acted: the attested caller, or else the signer.
  package var actingFor: ActorID { behalf?.actor ?? actor }

  /// The events of one entry, in order.
  ///
  /// - Parameter data: One object an event, as ``EntryBody/check(against:)`` has seen to.
  package static func events(
    of header: EntryHeader, data: [JSONObject], position: Int, recorded: Timestamp
  ) -> [Recorded] {
    precondition(data.count == header.eventCount, "\(data.count) data for \(header.eventCount)")
    var events: [Recorded] = []
    events.reserveCapacity(data.count)
    for run in header.events {
      for offset in 0..<run.count {
        let event = LedgerEvent.reading(kind: run.kind, data: data[events.count])
        events.append(
          Recorded(
            position: position, index: events.count, recorded: recorded, entry: header.entry,
            actor: header.actor, behalf: header.behalf, scope: run.scope, stream: run.stream,
            version: run.version + offset, event: event))
      }
    }
    return events
  }
}
