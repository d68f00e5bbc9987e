import Events
import LedgerStore
import Projections

/// Where one deployment's events go and its orders come from, signed by the service: the driver's
/// only way to the ledger.
struct DeploymentJournal {
  let session: Session
  let deployment: DeploymentID
  let place: Place
  let service: Signer

  var now: Timestamp { session.time.now() }

  /// Appends one entry.
  ///
  /// - Returns: The log's time of the entry: what facts are timed by, live and in replay.
  func append(_ events: [DraftEvent]) async throws -> Timestamp {
    try await session.recordFact(EntryDraft(events), by: service).recorded
  }

  /// What others have recorded about this deployment.
  func look() async throws -> JournalNews {
    let state = try await session.state()
    let lease = state.leases.lease(in: place)
    return JournalNews(
      abortRequested: try state.deployments.byID[deployment]?.abortRequested.map { position in
        try session.ledger.read { try $0.entry(at: position).recorded }
      },
      leaseUntil: isOurs(lease) ? lease?.until : nil)
  }

  /// Another process that took the deployment over drives it now, and this one must not.
  private func isOurs(_ lease: Leases.Lease?) -> Bool {
    lease?.deployment == deployment && lease?.process == .this
  }

  /// The number that the place's next release takes.
  func nextRelease() async throws -> Int {
    (try await session.state().releases.latest(in: place)?.number ?? 0) + 1
  }
}

/// What a driver must know of what others recorded.
struct JournalNews: Equatable, Sendable {
  /// When somebody asked for the rollout to be undone.
  let abortRequested: Timestamp?
  /// Until when this deployment may change the place; nil when another one holds the lease.
  let leaseUntil: Timestamp?
}
