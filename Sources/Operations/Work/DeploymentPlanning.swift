import Environments
import Events
import Foundation
import Platforms
import Projections

/// The first entry of a deployment, decided from the state of the ledger and what runs: pure.
struct DeploymentPlanning {
  let events: [DraftEvent]
  let release: Int
  let configurationVersion: Int
  /// Whether the entry applies a configuration that is not the last one.
  let writesConfiguration: Bool
  let configurationStream: StreamName
  /// The versions that were decided on; another entry in between makes the append fail.
  let versions: [StreamName: Int]

  init(
    _ wish: DeploymentWish, _ id: DeploymentID, _ state: LedgerState, standing: StandingRuntime,
    after history: DeploymentHistory?, reason: Sealed?, owner: ActorID,
    judgement: PolicyJudgement?, now: Timestamp
  ) throws {
    let place = wish.place
    let latest = state.configurations.latest(in: place)
    let change = ConfigurationWish(wish.configuration, after: latest)
    writesConfiguration = latest?.ownDigest != wish.configuration.digest
    configurationVersion = writesConfiguration ? change.version : latest?.version ?? 0
    configurationStream = change.stream
    release = state.releases.nextNumber(in: place)
    let releaseStream = StreamName.release(place.application, place.environment)
    let leaseStream = StreamName.lease(place.application, place.environment)
    let review = judgement?.openedReview(in: place, at: now)
    var versions: [StreamName: Int] = [
      releaseStream: release, leaseStream: state.leases.version(in: place) + 1,
      configurationStream: change.version,
    ]
    if let review { versions[review.stream] = state.reviews.version(in: place) + 1 }
    self.versions = versions
    let started = try DeploymentStarted(
      wish, state, release: release, configurationVersion: configurationVersion,
      standing: standing, after: history, reason: reason)
    events =
      (writesConfiguration ? [change.event(reason: nil)] : []) + [
        DraftEvent(started, in: .deployment(id), scope: place.scope),
        DraftEvent(
          LeaseTaken(
            deployment: id, owner: owner, process: .this,
            until: now.adding(milliseconds: RolloutDriver.leaseMs)), in: leaseStream,
          scope: place.scope),
        DraftEvent(
          ReleaseStarted(
            cause: wish.cause, build: wish.build, configuration: configurationVersion,
            promotes: wish.promotes, restores: wish.restores), in: releaseStream, scope: place.scope
        ),
      ] + (review.map { [$0] } ?? [])
  }
}

extension PolicyJudgement {
  /// That others have to look at it afterwards, where somebody breaks the glass.
  fileprivate func openedReview(in place: Place, at now: Timestamp) -> DraftEvent? {
    breakGlass.map { rule in
      DraftEvent(
        ReviewOpened(due: now.adding(milliseconds: rule.minutes * 60_000), passed: stopping),
        in: .review(place.application, place.environment), scope: place.scope)
    }
  }
}

extension DeploymentStarted {
  fileprivate init(
    _ wish: DeploymentWish, _ state: LedgerState, release: Int, configurationVersion: Int,
    standing: StandingRuntime, after history: DeploymentHistory?, reason: Sealed?
  ) throws {
    guard let build = state.builds[wish.build] else { throw BuildError.unknown(wish.build) }
    let terms = RolloutTerms(wish.configuration)
    self.init(
      build: wish.build, cause: wish.cause,
      change: Change(of: build, deployedBy: wish.change),
      components: wish.configuration.components(of: build),
      configurationVersion: configurationVersion,
      limits: terms.limits,
      predecessor: try state.running.running(in: wish.place).map {
        DeploymentPredecessor(
          $0, standing: try StandingReplicas(standing, for: $0, after: history).all)
      }, reason: reason, release: release, restores: wish.restores,
      rollback: terms.rollback, skipsWaits: wish.cause == .rollback, strategy: terms.strategy)
  }
}

extension Change {
  /// Where the build comes from is the build's to say, whatever is checked out where it is
  /// deployed. What somebody says with a flag goes before it, and for run and ticket what the
  /// pipeline that deploys says of itself. The message stays with the build: it is sealed there.
  fileprivate init(of build: Builds.Build, deployedBy captured: CapturedChange?) {
    let built = build.change
    self.init(
      author: captured?.author?.said ?? built.author,
      commit: captured?.commit?.said.map { MachineWords($0) } ?? built.commit,
      repository: captured?.repository?.said.map { MachineWords($0) } ?? built.repository,
      run: captured?.run?.saidOfDeploying.map { MachineWords($0) } ?? built.run,
      ticket: captured?.ticket?.saidOfDeploying ?? built.ticket)
  }
}

extension Captured {
  /// The value when a flag of the command said it.
  fileprivate var said: Value? { source == .flag ? value : nil }

  /// The value unless it only describes what is checked out.
  fileprivate var saidOfDeploying: Value? { source == .git ? nil : value }
}

extension ResolvedConfiguration {
  fileprivate func components(of build: Builds.Build) -> [DeploymentComponent] {
    application.components.compactMap { component in
      build.components.first { $0.name == component.name }.map { component.running($0.artifact) }
    }
  }
}

extension ComponentPlan {
  /// What a deployment runs of it.
  func running(_ artifact: ContentDigest) -> DeploymentComponent {
    DeploymentComponent(
      artifact: artifact, health: health == .http ? .http : .process, name: name,
      replicas: replicas, takesTraffic: takesTraffic)
  }
}

extension DeploymentPredecessor {
  /// - Parameter standing: Everything that runs in the environment: all of it is replaced.
  package init(_ running: RunningReleases.Running, standing: [StandingReplica]) {
    self.init(
      build: running.build, components: running.components,
      configurationVersion: running.configurationVersion, release: running.release,
      running: standing)
  }
}

extension ReplicaProcess {
  /// The process that runs this code.
  static var this: ReplicaProcess {
    let pid = getpid()
    return ReplicaProcess(
      pid: Int(pid), startTicks: Int(ProcessIdentity(of: pid)?.startTicks ?? 0))
  }
}
