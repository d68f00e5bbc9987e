import Events
import LedgerStore
import Projections

/// Where one deployment's events go and its orders come from, signed by the service: the driver's
/// only way to the ledger.
///
/// Every entry names the version of the lease that its driver holds, so the ledger itself refuses
/// what a driver writes that was taken over from, however long it slept.
actor DeploymentJournal {
  private let session: Session
  private let deployment: DeploymentID
  private let place: Place
  private let service: Signer
  /// Of the lease's stream, after the last entry in which it was taken or renewed by this driver.
  private var leaseVersion: Int

  /// - Parameter leaseVersion: Where this driver's taking left it.
  init(
    session: Session, deployment: DeploymentID, place: Place, service: Signer, leaseVersion: Int
  ) {
    self.session = session
    self.deployment = deployment
    self.place = place
    self.service = service
    self.leaseVersion = leaseVersion
  }

  nonisolated var now: Timestamp { session.time.now() }

  private var lease: StreamName { .lease(place.application, place.environment) }

  /// Appends one entry.
  ///
  /// - Returns: The log's time of the entry: what facts are timed by, live and in replay.
  /// - Throws: ``LeaseLost`` when the lease is another driver's now; nothing is appended then.
  func append(_ events: [DraftEvent]) async throws -> Timestamp {
    let movesLease = events.contains { $0.stream == lease }
    let draft = EntryDraft(events, expects: movesLease ? [:] : [lease: leaseVersion])
    let recording: Recording
    do {
      recording = try await session.recordFact(
        draft, by: service, versions: movesLease ? [lease: leaseVersion + 1] : [:])
    } catch let error as AppendError where error.isConflict {
      try await demandLease()
      throw error
    }
    if movesLease { leaseVersion += 1 }
    return try recording.recorded
  }

  /// To be asked before anything is done that the ledger cannot refuse.
  ///
  /// - Throws: ``LeaseLost`` when the lease is another driver's now.
  func demandLease() async throws {
    guard try await session.state().leases.version(in: place) == leaseVersion else {
      throw LeaseLost(deployment: deployment)
    }
  }

  /// What others have recorded about this deployment.
  func look() async throws -> JournalNews {
    let state = try await session.state()
    let lease = state.leases.lease(in: place)
    let isHeld = state.leases.version(in: place) == leaseVersion
    return JournalNews(
      abortRequested: try state.deployments.byID[deployment]?.abortRequested.map { position in
        try session.ledger.read { try $0.entry(at: position).recorded }
      },
      leaseUntil: isHeld ? lease?.until : nil)
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
