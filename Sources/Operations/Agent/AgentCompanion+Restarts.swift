import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts

extension AgentCompanion {
  /// Starts what is due, each beside the others, and waits only a moment for them: what opens a
  /// secret may hang, and probes and the router do not wait for it.
  func startAgain(on platform: any Platform, in steady: SteadyRelease) async {
    for spec in schedule.due(at: session.time.now()) {
      schedule.begin(spec.instance)
      starts.insert(spec.instance)
      Task {
        await reporting { try await start(spec, on: platform, in: steady) }
        starts.remove(spec.instance)
        startEnds.tell(())
      }
    }
    await awaitStarts()
  }

  private func awaitStarts() async {
    guard !starts.isEmpty else { return }
    let ends = startEnds.listen()
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        for await _ in ends where await self.starts.isEmpty { return }
      }
      group.addTask { try? await Task.sleep(for: self.patience) }
      await group.next()
      group.cancelAll()
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
    let deployment = steady.abandoned ?? steady.running.deployment
    guard let history = try await session.history(of: deployment) else {
      throw DeploymentError.unknown("\(deployment)")
    }
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

  /// Ends what runs beside a proven release and is none of it: what somebody began to start and
  /// nobody waits for any more, what a deployment that did not see it went on without, and what it
  /// could not end. Only when all that is wanted runs, and none of it is unhealthy: until then what
  /// a sync or a restored ledger has left may be all that answers.
  func endStrays(on platform: any Platform, in steady: SteadyRelease) async throws {
    guard steady.abandoned == nil, steady.running.certainty == .proven, let left else { return }
    let running = try await platform.running().map(\.spec.instance)
    guard left.wanted.isSubset(of: running), left.wanted.isDisjoint(with: monitor.unhealthy)
    else { return }
    for instance in running where !left.wanted.contains(instance) {
      // Somebody may have begun to drive meanwhile: then all of it is theirs.
      guard try await steady.isSame(as: self.steady()) else { return }
      log.notice("\(instance) is stopped: the release that runs has no such replica")
      _ = try await platform.stop(instance, graceMs: Int64(steady.stopGraceMs))
    }
  }

  /// Ends what runs where the ledger says that nothing does: a first deployment that could not stop
  /// all that it had started.
  func endAll(on platform: any Platform) async throws {
    guard try await isEmpty() else { return }
    for replica in try await platform.running() {
      guard try await isEmpty() else { return }
      log.notice("\(replica.spec.instance) is stopped: nothing is to run here")
      _ = try await platform.stop(
        replica.spec.instance, graceMs: Int64(RolloutSettings.standard.stopGraceMs))
    }
  }

  /// Whether nothing runs in the environment any more, by the ledger, and nobody is about to change
  /// that. A ledger that knows of no deployment there has not seen what runs.
  private func isEmpty() async throws -> Bool {
    let state = try await session.state()
    return !state.running.places.contains { $0.environment == environment }
      && !state.deployments.isOpen(in: environment)
      && state.deployments.all.contains { $0.place.environment == environment }
  }

  /// - Throws: `RolloutPlanError`, or what makes the deployment's entries unreadable.
  func replicas(of deployment: DeploymentID) async throws -> DeploymentReplicas {
    guard let history = try await session.history(of: deployment) else {
      throw DeploymentError.unknown("\(deployment)")
    }
    return try DeploymentReplicas(history)
  }
}

extension SteadyRelease {
  fileprivate var stopGraceMs: Int { configuration.application.rollout.stopGraceMs }
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
