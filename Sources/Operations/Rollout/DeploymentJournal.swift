import Events
import LedgerStore
import Projections

/// Where one deployment's events go and its orders come from, signed by the service: the driver's
/// only way to the ledger.
///
/// Every entry names the version of the lease that its driver holds, so the ledger itself refuses
/// what a driver writes that was taken over from, however long it slept. Whoever goes by what it
/// saw when it took the lease, as a sync does, writes nothing once its time is over either: nobody
/// need have taken the lease for an agent to have kept things up since.
actor DeploymentJournal {
  private let session: Session
  private let deployment: DeploymentID
  private let place: Place
  private let service: Signer
  private let endsWithLease: Bool
  /// Of the lease's stream, after the last entry in which it was taken or renewed by this driver.
  private var leaseVersion: Int
  /// That it is going to have, while a renewal is being written.
  private var leaseVersionAhead: Int?

  /// - Parameters:
  ///   - leaseVersion: Where this driver's taking left it.
  ///   - endsWithLease: Whether all is over when the lease has expired, also where nobody took it.
  init(
    session: Session, deployment: DeploymentID, place: Place, service: Signer, leaseVersion: Int,
    endsWithLease: Bool = false
  ) {
    self.session = session
    self.deployment = deployment
    self.place = place
    self.service = service
    self.leaseVersion = leaseVersion
    self.endsWithLease = endsWithLease
  }

  nonisolated var now: Timestamp { session.time.now() }

  nonisolated var leaseLost: LeaseLost {
    LeaseLost(environment: place.environment, deployment: endsWithLease ? nil : deployment)
  }

  private var lease: StreamName { .lease(place.application, place.environment) }

  /// Appends one entry.
  ///
  /// - Returns: Where and when it stands: what facts are timed by, live and in replay.
  /// - Throws: ``LeaseLost`` when the lease is not this driver's any more; nothing is appended.
  func append(_ events: [DraftEvent]) async throws -> JournalMoment {
    try await append(events, versions: [:])
  }

  /// Appends one entry that is the place's next release, made of the number that it takes.
  ///
  /// - Returns: That number.
  /// - Throws: As ``append(_:)``.
  func appendRelease(_ events: @Sendable (Int) -> [DraftEvent]) async throws -> Int {
    var attempt = 1
    while true {
      let number = try await session.state().releases.nextNumber(in: place)
      do {
        let stream = StreamName.release(place.application, place.environment)
        _ = try await append(events(number), versions: [stream: number])
        return number
      } catch let error as AppendError where error.isConflict && attempt < Self.attemptsMax {
        attempt += 1  // Somebody else's change has taken it: a configuration, for example.
      }
    }
  }

  private static let attemptsMax = 20

  private func append(
    _ events: [DraftEvent], versions: [StreamName: Int]
  ) async throws -> JournalMoment {
    if endsWithLease { try await demandLease() }
    guard events.contains(where: { $0.stream == lease }) else {
      return try await record(events, expects: [lease: leaseVersion], versions: versions)
    }
    let next = leaseVersion + 1
    leaseVersionAhead = next
    defer { leaseVersionAhead = nil }
    let conditions = versions.merging([lease: next]) { $1 }
    let recorded = try await record(events, expects: [:], versions: conditions)
    leaseVersion = next
    return recorded
  }

  private func record(
    _ events: [DraftEvent], expects: [StreamName: Int], versions: [StreamName: Int]
  ) async throws -> JournalMoment {
    do {
      let recording = try await session.recordFact(
        EntryDraft(events, expects: expects), by: service, versions: versions)
      return JournalMoment(position: recording.position, recorded: try recording.recorded)
    } catch let error as AppendError where error.isConflict {
      leaseVersionAhead = nil
      try await demandLease()
      throw error
    }
  }

  /// To be asked before anything is done that the ledger cannot refuse.
  ///
  /// - Throws: ``LeaseLost`` when the lease is not this driver's any more.
  func demandLease() async throws {
    let leases = try await session.state().leases
    let isOver = endsWithLease && leases.lease(in: place)?.isHeld(at: now) != true
    guard holdsLease(at: leases.version(in: place)), !isOver else {
      throw leaseLost
    }
  }

  /// Whether the lease is still this driver's when its stream has this version. Its own renewals
  /// may come while it asks: an older version is no other driver's, and neither is its next.
  private func holdsLease(at version: Int) -> Bool {
    version <= leaseVersionAhead ?? leaseVersion
  }

  /// What others have recorded about this deployment.
  func look() async throws -> JournalNews {
    let state = try await session.state()
    // Nobody turns a rollout back by a row that no key has signed.
    if state.deployments.byID[deployment]?.abortRequested != nil {
      try await session.proveWhole()
    }
    let lease = state.leases.lease(in: place)
    let isHeld = holdsLease(at: state.leases.version(in: place))
    return JournalNews(
      abortRequested: try state.deployments.byID[deployment]?.abortRequested.map { position in
        JournalMoment(
          position: position,
          recorded: try session.ledger.read { try $0.entry(at: position).recorded })
      },
      leaseUntil: isHeld ? lease?.until : nil)
  }
}

/// An entry about a deployment.
struct JournalMoment: Equatable, Sendable {
  let position: Int
  /// By the log's clock.
  let recorded: Timestamp
}

/// What a driver must know of what others recorded.
struct JournalNews: Equatable, Sendable {
  /// When somebody asked for the rollout to be undone.
  let abortRequested: JournalMoment?
  /// Until when this deployment may change the place; nil when another one holds the lease.
  let leaseUntil: Timestamp?
}
