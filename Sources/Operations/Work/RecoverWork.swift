import Access
import Events
import LedgerStore
import Platforms
import Projections
import Rollouts

/// `stele recover`: brings a deployment that nobody drives any more to its end.
package struct RecoverWork: Sendable {
  private let session: Session
  private let runtimes: any RuntimeProvider

  package init(_ session: Session, runtimes: any RuntimeProvider) {
    self.session = session
    self.runtimes = runtimes
  }

  /// Takes the lease over and goes on from where the ledger says the rollout stands.
  ///
  /// - Parameters:
  ///   - abort: Turn back instead of going on.
  ///   - reason: Why it is turned back, in the person's own words; sealed.
  /// - Throws: ``AccessDenied``; ``DeploymentError/occupied(_:by:)``,
  ///   ``DeploymentError/nothingToRecover(_:)``; ``DeploymentError/locked(_:_:now:)`` while the
  ///   driver lives; what ``Session/prove(_:in:)`` throws.
  package func recover(
    _ place: Place, by person: Signer, abort: Bool = false, reason: String? = nil,
    started: @Sendable (DeploymentID, Int) -> Void = { _, _ in },
    observer: @escaping @Sendable (RolloutProgress) -> Void
  ) async throws -> DeploymentEnd {
    let authorization = try await session.authorize(.recoverDeployment, by: person, in: place)
    let state = try await session.state()
    try state.checkSole(place)
    guard let open = state.deployments.open(in: place) else {
      throw DeploymentError.nothingToRecover(place.environment)
    }
    var grounds = DecisionGrounds(place, of: person)
    grounds.deployments = [open.id]
    try await session.prove(grounds, in: state)
    let runtime = try await runtimes.runtime(of: place.environment)
    let words = abort ? try await session.seal(reason, of: person) : nil
    try await session.takeOver(
      open.id, in: place, by: person, abort: abort, words, authorization)
    started(open.id, open.release)
    return try await RolloutRun(
      session: session, runtime: runtime, deployment: open.id, observer: observer
    ).drive()
  }
}

extension Session {
  /// - Throws: ``DeploymentError/locked(_:_:now:)`` while the lease is held by a process that
  /// lives.
  fileprivate func takeOver(
    _ deployment: DeploymentID, in place: Place, by person: Signer, abort: Bool,
    _ reason: SealedValue?, _ authorization: Authorization
  ) throws {
    var granted = authorization
    try deciding { _ in
      granted = try renew(granted, .recoverDeployment, by: person, in: place)
      let state = try self.state()
      let now = time.now()
      guard state.deployments.open(in: place)?.id == deployment else {
        throw DeploymentError.nothingToRecover(place.environment)
      }
      if let lease = state.leases.lease(in: place), lease.isDriven(at: now) {
        throw DeploymentError.locked(place.environment, lease, now: now)
      }
      let leaseStream = StreamName.lease(place.application, place.environment)
      let lease = DraftEvent(
        LeaseTaken(
          deployment: deployment, owner: person.actor, process: .this,
          until: now.adding(milliseconds: RolloutDriver.leaseMs)), in: leaseStream,
        scope: place.scope)
      let request = DraftEvent(
        DeploymentAbortRequested(reason: reason?.sealed), in: .deployment(deployment),
        scope: place.scope)
      _ = try record(
        EntryDraft(
          abort ? [request, lease] : [lease], expects: granted.expects,
          because: [granted.decision]), by: person,
        sealed: reason.map { [$0] } ?? [],
        versions: [leaseStream: state.leases.version(in: place) + 1])
    }
  }
}

extension Leases.Lease {
  /// Whether its time is not over and, where that can be seen, its holder lives.
  package func isDriven(at now: Timestamp) -> Bool { isHeld(at: now) && process.isAlive }
}

extension ReplicaProcess {
  /// Whether this very process runs on this machine.
  var isAlive: Bool {
    guard let pid = Int32(exactly: pid) else { return false }
    return ProcessIdentity(pid: pid, startTicks: Int64(startTicks)).isAlive
  }
}
