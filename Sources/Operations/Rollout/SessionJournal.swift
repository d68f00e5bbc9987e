import Events
import LedgerStore
import Projections

/// One deployment's way to the ledger, signed by the service.
struct SessionJournal: DeploymentJournal {
  let session: Session
  let deployment: DeploymentID
  let place: Place
  let service: Signer

  var now: Timestamp { session.time.now() }

  func append(_ events: [DraftEvent]) async throws -> Timestamp {
    try await session.recordFact(EntryDraft(events), by: service).recorded
  }

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

  func nextRelease() async throws -> Int {
    (try await session.state().releases.latest(in: place)?.number ?? 0) + 1
  }
}
