import Events

/// Where one deployment's events go and its orders come from; the driver's only way to the ledger.
package protocol DeploymentJournal: Sendable {
  /// Appends one entry, signed by the service.
  ///
  /// - Returns: The log's time of the entry: what facts are timed by, live and in replay.
  func append(_ events: [DraftEvent]) async throws -> Timestamp

  /// What others have recorded about this deployment since the last call.
  func look() async throws -> JournalNews

  /// The number that the place's next release takes.
  func nextRelease() async throws -> Int

  var now: Timestamp { get }
}

/// What a driver must know of what others recorded.
package struct JournalNews: Equatable, Sendable {
  /// When somebody asked for the rollout to be undone.
  package let abortRequested: Timestamp?
  /// Until when this deployment may change the place; nil when another one holds the lease.
  package let leaseUntil: Timestamp?

  package init(abortRequested: Timestamp?, leaseUntil: Timestamp?) {
    self.abortRequested = abortRequested
    self.leaseUntil = leaseUntil
  }
}
