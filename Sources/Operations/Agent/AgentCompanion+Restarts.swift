import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts

extension AgentCompanion {
  /// Starts what is due, each beside the others.
  func startAgain(on platform: any Platform, in steady: SteadyRelease) {
    let due = schedule.due(at: session.time.now())
    for spec in due where !underWay.contains(spec.instance) {
      schedule.begin(spec.instance)
      beside(spec.instance) { try await self.start(spec, on: platform, in: steady) }
    }
  }

  /// Asks first whether somebody has begun to drive, and again after it: who began in between may
  /// not know of the replica, which is then stopped again.
  private func start(
    _ spec: ReplicaSpec, on platform: any Platform, in steady: SteadyRelease
  ) async throws {
    do {
      guard try await steady.isSame(as: self.steady()) else { return }
      if try await platform.running().contains(where: { $0.spec.instance == spec.instance }) {
        return schedule.started(spec.instance)  // A sync has started it.
      }
    } catch {
      schedule.postpone(spec.instance, at: session.time.now())
      throw error
    }
    do {
      let replica = try await platform.start(spec)
      schedule.started(spec.instance)
      guard try await isKept(replica, on: platform, in: steady) else { return }
      try await record([steady.draft(.started(ReplicaStarted(replica)))])
    } catch let error as PlatformError {
      try await note(error, of: spec, in: steady)
    }
  }

  /// Once after each change: finds what should run and does not, of which nobody has told this
  /// agent. It ended before an earlier agent had started it again, or while a deployment was held.
  ///
  /// What says how it is started is read again and proven, as for a recovery.
  func findMissing(on platform: any Platform, in steady: SteadyRelease) async throws {
    guard !isCompared, let left else { return }
    let there = Set(try await platform.running().map(\.spec.instance))
    let missing = wanted(in: steady).subtracting(there).filter { instance in
      // Nothing that several deployments have left behind is ever started.
      !schedule.knows(instance) && left.slots[instance]?.generation != .left
    }
    if !missing.isEmpty {
      let specs = try await specs(of: missing, in: steady, left)
      // Somebody may have begun to drive meanwhile.
      guard try await steady.isSame(as: self.steady()) else { return }
      for spec in specs {
        log.notice("\(spec.instance) should run and does not")
        schedule.ended(spec, at: session.time.now())
        monitor.forget(spec.instance)
      }
    }
    isCompared = true
  }

  private func specs(
    of missing: Set<InstanceName>, in steady: SteadyRelease, _ left: DeploymentReplicas
  ) async throws -> [ReplicaSpec] {
    let history = try await session.knownHistory(
      of: steady.abandoned ?? steady.running.deployment)
    let state = try await session.state()
    try await session.prove(DecisionGrounds(of: history, in: steady.place), in: state)
    let orders = try ReplicaOrders(history, state, in: session.workspace)
    return try missing.sorted().compactMap { instance in
      try left.slots[instance].map {
        try orders.spec(
          for: $0, instance: instance, step: history.step(starting: instance) ?? 0)
      }
    }
  }

  /// A replica that does not start is unhealthy; that is recorded when it becomes so, and every
  /// failure is logged with the time of the next attempt.
  private func note(
    _ error: PlatformError, of spec: ReplicaSpec, in steady: SteadyRelease
  ) async throws {
    guard let (failures, waitMs) = schedule.failed(spec.instance, at: session.time.now()) else {
      return
    }
    log.error("\(error) Start \(failures + 1) of \(spec.instance) comes in \(waitMs) ms.")
    guard failures == 1 else { return }
    try await record([
      steady.draft(
        .changed(
          HealthChanged(
            component: spec.component, instance: spec.instance, from: .unknown, to: .unhealthy,
            reason: MachineWords("\(error)"))))
    ])
  }

  /// Whether the replica that was just started is to stay: nobody drives, or whoever began to
  /// expects it to run.
  private func isKept(
    _ replica: RunningReplica, on platform: any Platform, in steady: SteadyRelease
  ) async throws -> Bool {
    guard try await !steady.isSame(as: self.steady()) else { return true }
    let state = try await session.state()
    let open = state.deployments.open(in: steady.place)?.id
    // A sync wants what the agent wants.
    if open == nil, state.running.running(in: steady.place) == steady.running { return true }
    if let open, try await replicas(of: open).previous.contains(replica.spec.instance) {
      return true
    }
    log.notice("\(replica.spec.instance) is stopped again: somebody has begun to deploy")
    _ = try await platform.stop(replica.spec.instance, graceMs: Int64(steady.stopGraceMs))
    return false
  }

  /// - Throws: `RolloutPlanError`, or what makes the deployment's entries unreadable.
  func replicas(of deployment: DeploymentID) async throws -> DeploymentReplicas {
    try DeploymentReplicas(await session.knownHistory(of: deployment))
  }
}

extension SteadyRelease {
  var stopGraceMs: Int { configuration.application.rollout.stopGraceMs }
}

extension ReplicaStarted {
  fileprivate init(_ replica: RunningReplica) {
    self.init(
      component: replica.spec.component, instance: replica.spec.instance,
      build: replica.spec.build, pid: Int(replica.process.pid), port: replica.port,
      startTicks: Int(replica.process.startTicks))
  }
}

extension ReplicaExited {
  init(_ end: ReplicaEnd) {
    self.init(
      component: end.replica.spec.component, instance: end.replica.spec.instance,
      pid: Int(end.replica.process.pid), status: end.exit.status, signal: end.exit.signal)
  }
}
