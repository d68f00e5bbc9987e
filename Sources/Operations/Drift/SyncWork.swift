import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Platforms
import Projections
import Rollouts

/// `stele sync`: brings what runs back to what the ledger says, never to what files say.
package struct SyncWork: Sendable {
  private let session: Session
  private let runtimes: any RuntimeProvider

  package init(_ session: Session, runtimes: any RuntimeProvider) {
    self.session = session
    self.runtimes = runtimes
  }

  /// What a sync would do now; nothing is recorded, started or changed.
  ///
  /// - Throws: ``SyncError``; ``DeploymentError``; `ArtifactError`.
  package func plan(_ place: Place) async throws -> SyncPlan {
    try await checkFree(place)
    return try await plan(place, files: .seen([:])).plan
  }

  /// Decides, takes the environment's lease, carries out what is needed, and looks again.
  ///
  /// Commit points: `sync.started` with the lease, then each step's intent before its effect and
  /// its outcome after it. A crash leaves an open step and a lease without a driver: the agent
  /// keeps things up again, whatever was left shows in the next scan, and the next sync goes on
  /// from what runs then.
  ///
  /// - Parameters:
  ///   - files: As of ``DriftWork/scan(_:files:by:)``.
  ///   - observer: Told of each step before it is begun.
  /// - Throws: ``AccessDenied``; ``SyncError``; ``DeploymentError/locked(_:_:now:)`` and its like
  ///   while anything else changes the place; ``DeploymentError/artifactGone(_:_:path:)``,
  ///   `ArtifactError`, `PlatformError`, and what ``Session/prove(_:in:)`` throws, before anything
  ///   has changed; ``LeaseLost``.
  package func synchronize(
    _ place: Place, files: Sighting<JSONObject>, by person: Signer,
    observer: @escaping @Sendable (SyncPlan.Step) -> Void
  ) async throws -> SyncReport {
    let authorization = try await session.authorize(.startSync, by: person, in: place)
    try await checkFree(place)
    let runtime = try await runtimes.runtime(of: place.environment)
    let first = try await plan(place, files: files)
    var ended: SyncEnded?
    if !first.plan.isEmpty {
      let lease = try await session.takeLease(
        for: first.projected, in: place, by: person, authorization)
      ended = try await drive(first.projected, runtime, leaseVersion: lease, in: place, observer)
    }
    let reader = DriftReader(session: session, sight: runtimes.sight(of: place.environment))
    let scan = try await reader.scan(place, files: files)
    let news = try await session.record(scan, by: person, resting: authorization, .startSync)
    return SyncReport(ended, DriftReport(scan, news))
  }

  private func checkFree(_ place: Place) async throws {
    let state = try await session.state()
    try state.checkSole(place)
    try state.checkFree(place, at: session.time.now())
  }

  /// What cannot be started again is not ended for it either.
  ///
  /// - Throws: ``SyncError``; ``DeploymentError/artifactGone(_:_:path:)``; `ArtifactError`.
  private func plan(
    _ place: Place, files: Sighting<JSONObject>
  ) async throws -> (plan: SyncPlan, projected: ProjectedRuntime) {
    let reader = DriftReader(session: session, sight: runtimes.sight(of: place.environment))
    let scan = try await reader.scan(place, files: files)
    guard let projected = scan.projected else {
      let reason = scan.comparison.notCompared.first?.reason?.text ?? "nothing was deployed"
      throw SyncError.nothingCertain(place.environment, reason: reason)
    }
    let blind = scan.comparison.notCompared.first { $0.part == .replicas && $0.instance == nil }
    if let blind {
      throw SyncError.notSeen(place.environment, reason: blind.reason?.text ?? "no answer")
    }
    let plan = SyncPlan(scan, of: projected)
    try session.workspace.check(projected.artifacts(of: plan), for: place.environment)
    return (plan, projected)
  }

  /// Looks again now that nobody else changes anything, and carries out what is needed then.
  private func drive(
    _ projected: ProjectedRuntime, _ runtime: EnvironmentRuntime, leaseVersion: Int,
    in place: Place, _ observer: @escaping @Sendable (SyncPlan.Step) -> Void
  ) async throws -> SyncEnded {
    let journal = DeploymentJournal(
      session: session, deployment: projected.running.deployment, place: place,
      service: try await session.signer(.service), leaseVersion: leaseVersion, endsWithLease: true)
    let driver = SyncDriver(journal: journal, place: place, runtime: runtime, observer: observer)
    do {
      try await session.prove(
        DecisionGrounds(of: projected.history, in: place), in: session.state())
      try await session.proveWhole()
      let (plan, projected) = try await plan(place, files: .seen([:]))
      let running = try await runtime.platform.running()
      return try await driver.drive(plan, projected, running)
    } catch let error as LeaseLost {
      throw error
    } catch {
      // Where the ledger is what failed, the lease ends by itself.
      _ = try? await driver.end(SyncEnded(outcome: .failed, reason: MachineWords("\(error)")))
      throw error
    }
  }
}

/// What a sync did, and what a scan saw after it.
package struct SyncReport: Hashable, Sendable {
  /// Nil where nothing had to be done.
  package let ended: SyncEnded?
  package let drift: DriftReport

  init(_ ended: SyncEnded?, _ drift: DriftReport) {
    self.ended = ended
    self.drift = drift
  }

  /// What files say otherwise is for a deployment, and no failure of this.
  package var exitStatus: ExitStatus {
    guard ended?.outcome != .failed else { return .negative }
    let left = drift.findings.filter { $0.part != .files }
    guard left.allSatisfy({ $0.sort != .notCompared }) else { return .inconclusive }
    return left.isEmpty ? .success : .different
  }
}

extension Session {
  /// Records that what `projected` says is brought back, with the lease of the deployment that
  /// brought it about.
  ///
  /// - Returns: The version of the lease's stream.
  fileprivate func takeLease(
    for projected: ProjectedRuntime, in place: Place, by person: Signer,
    _ authorization: Authorization
  ) throws -> Int {
    let running = projected.running
    return try resting(
      on: authorization, .startSync, by: person, application: place.application,
      environment: place.environment
    ) { session, state, granted in
      try state.checkFree(place, at: session.time.now())
      guard state.running.running(in: place) == running else {
        throw SyncError.nothingCertain(
          place.environment, reason: "something was deployed meanwhile")
      }
      let leaseStream = StreamName.lease(place.application, place.environment)
      let version = state.leases.version(in: place) + 1
      let events = [
        DraftEvent(
          SyncStarted(deployment: running.deployment, release: running.release),
          in: .sync(place.application, place.environment), scope: place.scope),
        DraftEvent(
          LeaseTaken(
            deployment: running.deployment, owner: person.actor, process: .this,
            until: session.time.now().adding(milliseconds: RolloutDriver.leaseMs)),
          in: leaseStream, scope: place.scope),
      ]
      _ = try session.record(
        EntryDraft(events, expects: granted.expects, because: [granted.decision]), by: person,
        versions: [leaseStream: version])
      return version
    }
  }
}

/// Why nothing was brought back; what runs goes on running.
package enum SyncError: ExitingError, Equatable {
  /// The ledger does not say for certain what is to run.
  case nothingCertain(EnvironmentName, reason: String)
  case notSeen(EnvironmentName, reason: String)

  package var exitStatus: ExitStatus { .inconclusive }

  package var description: String {
    switch self {
    case .nothingCertain(let environment, let reason):
      """
      Nothing was changed: the ledger does not say for certain what is to run in \(environment): \
      \(reason).
      See `stele status \(environment)`; deploy, go back or recover first.
      """
    case .notSeen(let environment, let reason):
      """
      Nothing was changed: it was not seen what runs in \(environment): \(reason)
      See `stele doctor`, then try again.
      """
    }
  }
}
