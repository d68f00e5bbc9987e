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
      try prove(spec)
      let replica = try await platform.start(spec)
      schedule.started(spec.instance)
      guard try await isKept(replica, on: platform, in: steady) else { return }
      try await record([steady.draft(.started(ReplicaStarted(replica)))])
    } catch let error as PlatformError {
      try await note(error, of: spec, in: steady)
    } catch let error as ArtifactError {
      try await note(error, of: spec, in: steady)
    }
  }

  /// What is started again has the bytes that were built: what somebody has changed since runs
  /// nowhere. Asks no ledger, which may be damaged elsewhere.
  ///
  /// - Throws: `ArtifactError` where it has not.
  private func prove(_ spec: ReplicaSpec) throws(ArtifactError) {
    let store = ArtifactStore(root: session.workspace.artifacts)
    if let artifact = store.artifact(at: spec.workingDirectory) { try store.verify(artifact) }
  }

  /// Once after each change: records what runs unrecorded, and finds what should run and does not,
  /// of which nobody has told this agent. It ended before an earlier agent had started it again, or
  /// while a deployment was held.
  ///
  /// What says how each is started is read again and proven, as for a recovery. One of which that
  /// fails keeps no other back; it is looked for again later.
  func compare(on platform: any Platform, in steady: SteadyRelease) async throws {
    guard steady.isSame(as: followed), comparison.isDue(at: session.time.now()), let left
    else { return }
    comparison.begin(at: session.time.now())
    let running = try await platform.running()
    let isRecorded = await reporting { try await recordUnknown(running, in: steady) } != nil
    let wanted = wanted(in: steady).subtracting(running.map(\.spec.instance))
    let missing = left.slots.filter { instance, slot in
      // Nothing that several deployments have left behind is ever started.
      wanted.contains(instance) && !schedule.knows(instance) && slot.generation != .left
    }
    let specs = try await specs(of: missing, in: steady)
    // Somebody may have begun to drive meanwhile, and an end may have told this agent so already.
    guard try await steady.isSame(as: self.steady()), steady.isSame(as: followed) else { return }
    for spec in specs {
      log.notice("\(spec.instance) should run and does not")
      schedule.ended(spec, at: session.time.now())
      monitor.forget(spec.instance)
    }
    if isRecorded, specs.count == missing.count { comparison.done() }
  }

  /// - Returns: Of those that could be proven; of the others is logged why not.
  private func specs(
    of missing: [InstanceName: Slot], in steady: SteadyRelease
  ) async throws -> [ReplicaSpec] {
    guard !missing.isEmpty else { return [] }
    let history = try await session.knownHistory(
      of: steady.abandoned ?? steady.running.deployment)
    let state = try await session.state()
    let orders = try ReplicaOrders(history, state, in: session.workspace)
    var specs: [ReplicaSpec] = []
    for (instance, slot) in missing.sorted(by: { $0.key < $1.key }) {
      let grounds = DecisionGrounds(of: history, starting: slot.generation, in: steady.place)
      let spec = await reporting {
        try await session.prove(grounds, in: state)
        return try orders.spec(
          for: slot, instance: instance, step: history.step(starting: instance) ?? 0)
      }
      if let spec { specs.append(spec) }
    }
    return specs
  }

  /// A replica that does not start is unhealthy; that is recorded when it becomes so, and every
  /// failure is logged with the time of the next attempt.
  private func note(
    _ error: any Error, of spec: ReplicaSpec, in steady: SteadyRelease
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
  init(_ replica: RunningReplica) {
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
