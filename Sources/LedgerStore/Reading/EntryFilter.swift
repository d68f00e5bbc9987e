import Events

/// Which entries are asked for; what is nil does not matter. An entry matches by any of its events.
package struct EntryFilter: Hashable, Sendable {
  package var stream: StreamName?
  package var kind: KindSelection?
  package var application: ApplicationName?
  package var environment: EnvironmentName?
  package var actor: ActorID?
  /// Only those that were signed for somebody without a key.
  package var isForOthers = false
  /// Of the log's clock: from, included.
  package var from: Timestamp?
  /// Of the log's clock: until, excluded.
  package var until: Timestamp?
  /// The newest of them, counted from the end.
  package var limit: Int?

  package init(
    stream: StreamName? = nil, kind: KindSelection? = nil, application: ApplicationName? = nil,
    environment: EnvironmentName? = nil, actor: ActorID? = nil, from: Timestamp? = nil,
    until: Timestamp? = nil, limit: Int? = nil
  ) {
    self.stream = stream
    self.kind = kind
    self.application = application
    self.environment = environment
    self.actor = actor
    self.from = from
    self.until = until
    self.limit = limit
  }
}
