import Access
import Environments
import Events
import LedgerStore
import Projections
import Rollouts

/// `stele rollback`: restores what an environment was, under a new number.
package struct RollbackWork: Sendable {
  private let session: Session
  private let runtimes: any RuntimeProvider

  package init(_ session: Session, runtimes: any RuntimeProvider) {
    self.session = session
    self.runtimes = runtimes
  }

  /// What a rollback would do; nothing has happened.
  package struct Plan: Sendable, Equatable {
    package let place: Place
    /// Nil for a first deployment under way, which is turned back to nothing.
    package let restored: Restored?
    /// What runs now; nil when nothing does.
    package let running: RunningReleases.Running?
    /// A rollout that is turned back first.
    package let interrupts: DeploymentID?
  }

  /// What is brought back.
  package struct Restored: Sendable, Equatable {
    package let release: Releases.Release
    package let configuration: ResolvedConfiguration
    package let build: ContentDigest
    /// Against what runs now.
    package let difference: [ConfigurationDifference]
    /// Secrets of which it had a version that is retired by now: the newest is given instead.
    package let retired: [RetiredSecret]
  }

  package struct RetiredSecret: Sendable, Equatable {
    package let name: SecretName
    package let version: Int
    package let newest: Int
  }

  /// What whoever rolls back says of it.
  package struct Grounds: Sendable {
    /// Where it was asked for, and by which pipeline.
    package let change: CapturedChange?
    /// The person's own words; sealed.
    package let reason: String?

    package init(change: CapturedChange? = nil, reason: String? = nil) {
      self.change = change
      self.reason = reason
    }
  }

  /// What no rollback can undo; said before and after.
  package static let cannotUndo = [
    "what requests have written to databases and files since",
    "secrets that were rotated, and messages that were sent",
    "changes outside Stele, such as migrations that a release ran",
  ]

  /// - Parameter selector: nil for the previous good release.
  /// - Throws: ``DeploymentError/occupied(_:by:)``, ``DeploymentError/elsewhere(_:_:)``,
  ///   ``DeploymentError/nothingToRollBackTo(_:)``,
  ///   ``DeploymentError/nothingOlder(_:than:before:)``,
  ///   ``DeploymentError/nothingOther(_:than:before:)``,
  ///   ``DeploymentError/neverGood(_:outcome:)``,
  ///   ``DeploymentError/artifactGone(_:_:path:)``,
  ///   `SelectorError`, and what ``Session/prove(_:in:)`` throws.
  package func plan(_ place: Place, to selector: Selector?) async throws -> Plan {
    let state = try await session.state()
    try state.checkSole(place)
    let open = state.deployments.open(in: place)
    let running = state.running.running(in: place)
    let target = try target(place, selector, state, isInterrupting: open != nil)
    guard target != nil || open != nil else {
      throw state.nothingToRollBackTo(from: running?.release, in: place)
    }
    var restored: Restored?
    if let target { restored = try await restore(target, in: place, state) }
    // What a rollout under way goes back to still runs: nothing may have to be started for it.
    if open == nil, let restored, let build = state.builds[restored.build] {
      try session.workspace.demand(build.artifacts, for: place.environment)
    }
    return Plan(place: place, restored: restored, running: running, interrupts: open?.id)
  }

  private func restore(
    _ target: Releases.Release, in place: Place, _ state: LedgerState
  ) async throws -> Restored {
    guard let build = target.build, target.configurationVersion != nil else {
      throw DeploymentError.nothingToRollBackTo(place.environment)
    }
    let applied = try state.configuration(of: target, in: place)
    var grounds = DecisionGrounds(of: target, build, applied, in: place)
    grounds.addRunning(in: state)
    try await session.prove(grounds, in: state)
    let now = state.running.running(in: place).flatMap {
      state.configurations.version($0.configurationVersion, in: place)
    }
    let configuration = try applied.resolved(in: place.environment)
    return Restored(
      release: target, configuration: configuration, build: build,
      difference: ConfigurationDifference.all(
        from: now?.configuration, to: applied.configuration),
      retired: configuration.retired(in: state.secrets))
  }

  /// Nil where nothing ever ran healthy.
  private func target(
    _ place: Place, _ selector: Selector?, _ state: LedgerState, isInterrupting: Bool
  ) throws -> Releases.Release? {
    if let selector {
      guard selector.environment == place.environment else {
        throw DeploymentError.elsewhere(selector, place.environment)
      }
      let release = try state.releases.resolve(selector, of: place.application)
      guard release.outcome.isGood else {
        throw DeploymentError.neverGood(selector, outcome: release.outcome)
      }
      return release
    }
    return isInterrupting
      ? state.releases.lastGood(in: place) : state.releases.rollbackTarget(in: place)
  }

  /// Turns back a rollout that is under way, then restores the plan's target unless that has
  /// brought it back already. From a sync it takes the environment, and does not wait for it.
  ///
  /// - Parameters:
  ///   - authorization: Of ``Action/rollBack``, asked for before anything was looked at.
  ///   - waiting: Told whose turn it is when a driver was asked to turn back.
  /// - Returns: How the last deployment ended, and whether the environment is what was wanted.
  /// - Throws: ``DeploymentError/nothingToRollBackTo(_:)`` when a first deployment has succeeded
  ///   before it could be turned back.
  package func rollBack(
    _ plan: Plan, by person: Signer, on grounds: Grounds, resting authorization: Authorization,
    waiting: @Sendable (Leases.Lease) -> Void = { _ in },
    started: @Sendable (DeploymentID, Int) -> Void = { _, _ in },
    observer: @escaping @Sendable (RolloutProgress) -> Void
  ) async throws -> (end: DeploymentEnd, isAsWanted: Bool) {
    if let open = plan.interrupts {
      let end = try await interrupt(
        open, in: plan.place, by: person, grounds.reason, authorization, waiting: waiting,
        started: started, observer: observer)
      guard let restored = plan.restored else {
        guard end != .succeeded else {
          throw DeploymentError.nothingToRollBackTo(plan.place.environment)
        }
        return (end, end.hasStoppedAll)
      }
      let state = try await session.state()
      if state.isRunning(restored.release, in: plan.place) { return (end, true) }
    }
    guard let restored = plan.restored else {
      throw DeploymentError.nothingToRollBackTo(plan.place.environment)
    }
    let end = try await DeployWork(session, runtimes: runtimes).deploy(
      DeploymentWish(
        configuration: restored.configuration, policy: .none, build: restored.build,
        cause: .rollback, restores: restored.release.number, change: grounds.change,
        reason: grounds.reason), by: person, resting: authorization, started: started,
      observer: observer)
    let state = try await session.state()
    return (end, end == .succeeded || state.isRunning(restored.release, in: plan.place))
  }

  /// Asks the driver to turn back and waits for it; takes over when it is gone. One that has ended
  /// meanwhile, by itself, needs neither.
  private func interrupt(
    _ deployment: DeploymentID, in place: Place, by person: Signer, _ reason: String?,
    _ authorization: Authorization, waiting: @Sendable (Leases.Lease) -> Void,
    started: @Sendable (DeploymentID, Int) -> Void,
    observer: @escaping @Sendable (RolloutProgress) -> Void
  ) async throws -> DeploymentEnd {
    var hasAsked = false
    while true {
      // First whether it is driven: an end comes before its lease is given back.
      let driving = try await session.driving(deployment, in: place)
      if let end = try await session.history(of: deployment)?.end { return end }
      guard let driving else {
        do {
          return try await RecoverWork(session, runtimes: runtimes).recover(
            place, by: person, abort: !hasAsked, reason: reason, started: started,
            observer: observer)
        } catch let error as DeploymentError where error.isOvertaken { continue }
      }
      if hasAsked {
        try await Task.sleep(for: .milliseconds(200))
      } else {
        try await session.requestAbort(
          of: deployment, in: place, by: person, reason, authorization)
        hasAsked = true
        waiting(driving)
      }
    }
  }
}

extension DeploymentError {
  /// Whether somebody else has taken the deployment over meanwhile, or brought it to its end.
  fileprivate var isOvertaken: Bool {
    switch self {
    case .locked, .nothingToRecover: true
    default: false
    }
  }
}

extension LedgerState {
  /// Why there is no way back from what serves.
  fileprivate func nothingToRollBackTo(from serving: Int?, in place: Place) -> DeploymentError {
    let environment = place.environment
    guard let serving else { return .nothingToRollBackTo(environment) }
    if let other = releases.goodOther(than: serving, in: place) {
      return .nothingOlder(environment, than: serving, before: other.number)
    }
    return releases.good(before: serving, in: place).map {
      .nothingOther(environment, than: serving, before: $0.number)
    } ?? .nothingToRollBackTo(environment)
  }

  /// Whether what runs is what `release` was.
  fileprivate func isRunning(_ release: Releases.Release, in place: Place) -> Bool {
    guard let running = running.running(in: place), running.certainty == .proven else {
      return false
    }
    return running.build == release.build
      && running.configurationVersion == release.configurationVersion
  }
}

extension Session {
  /// The deployment's lease, if its holder, where that can be seen, lives.
  fileprivate func driving(
    _ deployment: DeploymentID, in place: Place
  ) throws -> Leases.Lease? {
    guard let lease = try state().leases.lease(in: place), lease.deployment == deployment,
      lease.isDriven(at: time.now())
    else { return nil }
    return lease
  }

  /// Records that somebody wants the rollout to end; whoever drives it obeys at its next look.
  fileprivate func requestAbort(
    of deployment: DeploymentID, in place: Place, by person: Signer, _ reason: String?,
    _ authorization: Authorization
  ) throws {
    let sealed = try seal(reason, of: person)
    let request = DraftEvent(
      DeploymentAbortRequested(reason: sealed?.sealed), in: .deployment(deployment),
      scope: place.scope)
    var granted = authorization
    try deciding { _ in
      granted = try renew(granted, .rollBack, by: person, in: place)
      _ = try recordFact(
        EntryDraft([request], expects: granted.expects, because: [granted.decision]), by: person,
        sealed: sealed.map { [$0] } ?? [])
    }
  }
}
