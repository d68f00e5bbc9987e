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
    /// The release that is restored.
    package let target: Releases.Release
    /// What runs now; nil when nothing does.
    package let running: RunningReleases.Running?
    package let configuration: ResolvedConfiguration
    package let build: ContentDigest
    /// Against what runs now.
    package let difference: [ConfigurationDifference]
    /// A rollout that is turned back first.
    package let interrupts: DeploymentID?
  }

  /// What no rollback can undo; said before and after.
  package static let cannotUndo = [
    "what requests have written to databases and files since",
    "secrets that were rotated, and messages that were sent",
    "changes outside Stele, such as migrations that a release ran",
  ]

  /// - Parameter selector: nil for the previous good release.
  /// - Throws: ``DeploymentError/occupied(_:by:)``, ``DeploymentError/nothingToRollBackTo(_:)``,
  ///   ``DeploymentError/neverGood(_:outcome:)``,
  ///   `SelectorError`, and what ``Session/prove(_:in:)`` throws.
  package func plan(_ place: Place, to selector: Selector?) async throws -> Plan {
    let state = try await session.state()
    try state.checkSole(place)
    let open = state.deployments.open(in: place)
    let target = try target(place, selector, state, isInterrupting: open != nil)
    guard let build = target.build, target.configurationVersion != nil else {
      throw DeploymentError.nothingToRollBackTo(place.environment)
    }
    let applied = try state.configuration(of: target, in: place)
    var grounds = DecisionGrounds(place)
    grounds.builds = [build]
    grounds.configurations = [applied.version]
    grounds.releasesFrom = target.number
    grounds.addRunning(in: state)
    try await session.prove(grounds, in: state)
    let running = state.running.running(in: place)
    let now = running.flatMap {
      state.configurations.version($0.configurationVersion, in: place)
    }
    return Plan(
      place: place, target: target, running: running,
      configuration: try ResolvedConfiguration(recorded: applied.configuration), build: build,
      difference: ConfigurationDifference.all(
        from: now?.configuration, to: applied.configuration), interrupts: open?.id)
  }

  private func target(
    _ place: Place, _ selector: Selector?, _ state: LedgerState, isInterrupting: Bool
  ) throws -> Releases.Release {
    if let selector {
      let release = try state.releases.resolve(selector, of: place.application)
      guard release.outcome.isGood else {
        throw DeploymentError.neverGood(selector, outcome: release.outcome)
      }
      return release
    }
    let target =
      isInterrupting
      ? state.releases.lastGood(in: place) : state.releases.rollbackTarget(in: place)
    guard let target else { throw DeploymentError.nothingToRollBackTo(place.environment) }
    return target
  }

  /// Turns back a rollout that is under way, then restores the plan's target unless that has
  /// brought it back already.
  package func rollBack(
    _ plan: Plan, by person: Signer, reason: String?,
    started: @Sendable (DeploymentID, Int) -> Void = { _, _ in },
    observer: @escaping @Sendable (RolloutProgress) -> Void
  ) async throws -> DeploymentEnd {
    if let open = plan.interrupts {
      let end = try await interrupt(
        open, in: plan.place, by: person, started: started, observer: observer)
      if try await session.state().isRunning(plan.target, in: plan.place) { return end }
    }
    return try await DeployWork(session, runtimes: runtimes).deploy(
      DeploymentWish(
        configuration: plan.configuration, policy: .none, build: plan.build, cause: .rollback,
        restores: plan.target.number, reason: reason), by: person, started: started,
      observer: observer)
  }

  /// Asks the driver to turn back and waits for it; takes over when it is gone. One that has ended
  /// meanwhile, by itself, needs neither.
  private func interrupt(
    _ deployment: DeploymentID, in place: Place, by person: Signer,
    started: @Sendable (DeploymentID, Int) -> Void,
    observer: @escaping @Sendable (RolloutProgress) -> Void
  ) async throws -> DeploymentEnd {
    var hasAsked = false
    while true {
      // First whether it is driven: an end comes before its lease is given back.
      let isDriven = try await session.isDriven(deployment, in: place)
      if let end = try await session.history(of: deployment)?.end { return end }
      guard isDriven else {
        return try await RecoverWork(session, runtimes: runtimes).recover(
          place, by: person, abort: !hasAsked, started: started, observer: observer)
      }
      if hasAsked {
        try await Task.sleep(for: .milliseconds(200))
      } else {
        try await session.requestAbort(of: deployment, in: place, by: person)
        hasAsked = true
      }
    }
  }
}

extension LedgerState {
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
  /// Whether somebody holds the deployment's lease and, where that can be seen, lives.
  fileprivate func isDriven(_ deployment: DeploymentID, in place: Place) throws -> Bool {
    guard let lease = try state().leases.lease(in: place), lease.deployment == deployment else {
      return false
    }
    return lease.isDriven(at: time.now())
  }

  /// Records that somebody wants the rollout to end; whoever drives it obeys at its next look.
  fileprivate func requestAbort(
    of deployment: DeploymentID, in place: Place, by person: Signer
  ) throws {
    let authorization = try authorize(.rollBack, by: person, in: place)
    _ = try recordFact(
      EntryDraft(
        [
          DraftEvent(
            DeploymentAbortRequested(), in: .deployment(deployment), scope: place.scope)
        ], because: [authorization.decision]), by: person)
  }
}
