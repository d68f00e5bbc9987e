import Environments
import Events
import Platforms
import Projections
import Rollouts

/// Drives one deployment to its end: the shared part of deploying, rolling back and recovering.
struct RolloutRun {
  let session: Session
  let runtime: EnvironmentRuntime
  let deployment: DeploymentID
  let observer: @Sendable (RolloutProgress) -> Void

  /// Before the first effect, all that says what to do is read again and proven.
  ///
  /// - Returns: How the ledger says that it ended.
  /// - Throws: ``LeaseLost`` when another process has taken the deployment over.
  func drive() async throws -> DeploymentEnd {
    let history = try await session.knownHistory(of: deployment)
    let state = try await session.state()
    let place = Place(history.application, history.environment)
    guard let lease = state.leases.lease(in: place), lease.deployment == deployment,
      lease.process == .this
    else { throw LeaseLost(environment: place.environment, deployment: deployment) }
    try await session.prove(DecisionGrounds(of: history, in: place), in: state)
    try await session.proveWhole()
    let resumption = try DeploymentResumption(history)
    let orders = try ReplicaOrders(history, state, in: session.workspace)
    let journal = DeploymentJournal(
      session: session, deployment: deployment, place: place,
      service: try await session.signer(.service),
      leaseVersion: state.leases.version(in: place))
    let running = try await runtime.platform.running()
    let replicas = history.replicas(among: running)
    let effects = RolloutEffects(
      platform: runtime.platform, router: runtime.router, orders: orders,
      limits: history.started.limits, journal: journal, replicas: replicas,
      serving: resumption.machine.traffic)
    let driver = RolloutDriver(
      history: history, machine: resumption.machine, journal: journal,
      platform: runtime.platform, prober: runtime.prober, effects: effects, orders: orders,
      leaseUntil: lease.until, observer: observer)
    _ = try await driver.drive(
      resumption, missing: history.missing(resumption.machine.expected, among: running))
    guard let end = try await session.history(of: deployment)?.end else {
      preconditionFailure("the driver of \(deployment) came back without recording an end")
    }
    return end
  }
}

extension ReplicaOrders {
  /// - Throws: What ``ReleaseRecipe`` throws.
  init(_ history: DeploymentHistory, _ state: LedgerState, in workspace: Workspace) throws {
    let started = history.started
    let place = Place(history.application, history.environment)
    self.init(
      deployment: history.deployment, environment: place.environment,
      new: try ReleaseRecipe(
        build: started.build, components: started.components,
        configurationVersion: started.configurationVersion, state, in: place),
      previous: try started.predecessor.map {
        try ReleaseRecipe(
          build: $0.build, components: $0.components,
          configurationVersion: $0.configurationVersion, state, in: place)
      }, left: try Self.left(by: started, state, in: place),
      artifacts: ArtifactStore(root: workspace.artifacts),
      logDirectory: workspace.run(place.environment.rawValue) + "/logs")
  }
}

extension ReplicaOrders {
  /// Nil where the ledger does not say which release was left: its requests then come in where the
  /// others' do.
  private static func left(
    by started: DeploymentStarted, _ state: LedgerState, in place: Place
  ) throws -> ReleaseRecipe? {
    guard let number = started.predecessor?.running.compactMap(\.release).max(),
      let release = state.releases.number(number, in: place), let build = release.build,
      let configurationVersion = release.configurationVersion
    else { return nil }
    return try ReleaseRecipe(
      build: build, components: [], configurationVersion: configurationVersion, state, in: place)
  }
}

extension DecisionGrounds {
  /// The deployment itself, and what it starts or goes back to.
  ///
  /// - Parameter generation: Nil for both; else what is of this one alone.
  init(
    of history: DeploymentHistory, starting generation: Slot.Generation? = nil, in place: Place
  ) {
    self.init(place)
    deployments = [history.deployment]
    if generation != .previous {
      builds.insert(history.started.build)
      configurations.insert(history.started.configurationVersion)
    }
    if generation != .new, let predecessor = history.started.predecessor {
      builds.insert(predecessor.build)
      configurations.insert(predecessor.configurationVersion)
    }
  }
}

extension ReleaseRecipe {
  /// From what the ledger has recorded.
  ///
  /// - Throws: ``DeploymentError/configurationMissing(_:_:)`` and
  ///   ``DeploymentError/configurationMisnamed(_:_:)``; `RecordedConfigurationError` when a newer
  ///   version wrote it.
  init(
    build: ContentDigest, components: [DeploymentComponent], configurationVersion: Int,
    _ state: LedgerState, in place: Place
  ) throws {
    guard let applied = state.configurations.version(configurationVersion, in: place) else {
      throw DeploymentError.configurationMissing(place.environment, configurationVersion)
    }
    self.init(
      configuration: try applied.resolved(in: place.environment), build: build,
      artifacts: Dictionary(
        components.map { ($0.name, $0.artifact) }, uniquingKeysWith: { first, _ in first }))
  }
}

extension DeploymentHistory {
  /// The replicas of this deployment that run, by slot.
  func replicas(among running: [RunningReplica]) -> [Slot: RunningReplica] {
    var replicas: [Slot: RunningReplica] = [:]
    for (slot, instance) in instances {
      replicas[slot] = running.first { $0.spec.instance == instance }
    }
    return replicas
  }

  /// Those of the slots whose process is not there any more, standing ones included.
  func missing(
    _ expected: Set<Slot>, among running: [RunningReplica]
  ) -> [Slot: InstanceName] {
    let alive = Set(running.map(\.spec.instance))
    return instances.filter { expected.contains($0.key) && !alive.contains($0.value) }
  }
}
