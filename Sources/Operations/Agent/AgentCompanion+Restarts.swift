import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections

extension AgentCompanion {
  /// Starts what is due. Each start asks first whether somebody has begun to drive, and again after
  /// it: who began in between may not know of the replica, which is then stopped again.
  func startAgain(on platform: any Platform, in steady: SteadyRelease) async throws {
    for spec in schedule.due(at: session.time.now()) {
      guard try await steady.isSame(as: self.steady()) else { return }
      do {
        let replica = try await platform.start(spec)
        restarted.insert(spec.instance)
        schedule.started(spec.instance)
        guard try await isKept(replica, on: platform, in: steady) else { return }
        try await record([steady.draft(.started(ReplicaStarted(replica)))])
      } catch let error as PlatformError {
        try await note(error, of: spec, in: steady)
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
    let open = try await session.state().deployments.open(in: steady.place)?.id
    if let open, try await replicas(of: open).previous.contains(replica.spec.instance) {
      return true
    }
    log.notice("\(replica.spec.instance) is stopped again: somebody has begun to deploy")
    _ = try await platform.stop(replica.spec.instance, graceMs: Int64(steady.stopGraceMs))
    return false
  }

  /// Ends what this agent had started when somebody began to drive who had counted it as missing,
  /// or looked just before it was there: once a deployment has succeeded or gone back without it,
  /// nobody else would.
  func endStrays(on platform: any Platform, in steady: SteadyRelease) async throws {
    guard !restarted.isEmpty, steady.abandoned == nil, steady.running.certainty == .proven else {
      return
    }
    let running = try await platform.running()
    // Somebody may have begun to drive meanwhile: then all of it is theirs.
    guard try await steady.isSame(as: self.steady()), left != nil else { return }
    restarted.formIntersection(running.map(\.spec.instance))
    let kept = Set(keptUp(running, in: steady).map(\.spec.instance))
    for instance in restarted.subtracting(kept).sorted() {
      guard try await steady.isSame(as: self.steady()) else { return }
      log.notice("\(instance) is stopped: a deployment that began meanwhile went on without it")
      _ = try await platform.stop(instance, graceMs: Int64(steady.stopGraceMs))
    }
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
