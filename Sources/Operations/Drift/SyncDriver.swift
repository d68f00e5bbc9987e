import Events
import Platforms
import Projections
import Rollouts

/// Carries a sync's steps out, one after the other: records what it is about to do before doing it,
/// and what came of it after. Nothing is begun after a step that failed.
struct SyncDriver {
  let journal: DeploymentJournal
  let place: Place
  let runtime: EnvironmentRuntime
  let observer: @Sendable (SyncPlan.Step) -> Void
  /// How often the lease is renewed while an effect takes its time.
  var renewalPause = Duration.milliseconds(RolloutDriver.leaseMs / 3)

  private static let probePause = Duration.milliseconds(100)

  /// - Returns: How it ended, as it is recorded.
  /// - Throws: ``LeaseLost``, also when its time is over and nobody took it; what made recording
  ///   impossible. Nothing more is done then.
  func drive(
    _ plan: SyncPlan, _ projected: ProjectedRuntime, _ running: [RunningReplica]
  ) async throws -> SyncEnded {
    let limits = projected.history.started.limits
    let awaited = plan.awaited(projected, running)
    if let reason = await keepingLease({ await unready(awaited, limits) }) {
      return try await end(SyncEnded(outcome: .failed, reason: MachineWords(reason)))
    }
    var serving = projected.traffic(of: running).serving
      .filter { projected.takesTraffic($0.spec.component) }.map(\.spec.instance)
    var effects = effects(plan, projected, running, serving)
    for (number, step) in zip(1..., plan.steps) {
      observer(step)
      let order = step.order(number, plan.slots)
      // Steps may each be shorter than what renews the lease beside them waits.
      _ = try await journal.append([
        draft(
          SyncStepStarted(step: number, action: order.action, instances: step.instances)), renewal,
      ])
      var result = await keepingLease { [effects] in
        await perform(order, on: effects, limits)
      }
      if case .route(let instances) = step { serving = instances }
      // One that was started and did not prove to be well has had its time.
      if case .start(let instance) = step, result.outcome == .failed, result.replica == nil,
        let (found, replicas) = await startedByAgent(instance, limits)
      {
        result = found
        effects = self.effects(plan, projected, replicas, serving)
      }
      _ = try await journal.append([draft(result.synchronized(number))])
      guard result.outcome == .done else {
        let reason = "step \(number) failed: \(result.reason?.text ?? "no reason given")"
        return try await end(SyncEnded(outcome: .failed, reason: MachineWords(reason)))
      }
    }
    return try await end(SyncEnded(outcome: .done))
  }

  private func effects(
    _ plan: SyncPlan, _ projected: ProjectedRuntime, _ running: [RunningReplica],
    _ serving: [InstanceName]
  ) -> RolloutEffects {
    let known = running.compactMap { replica in
      plan.slots[replica.spec.instance].map { ($0, replica) }
    }
    return RolloutEffects(
      platform: runtime.platform, router: runtime.router, orders: projected.orders,
      limits: projected.history.started.limits, journal: journal,
      replicas: Dictionary(known, uniquingKeysWith: { first, _ in first }),
      serving: Set(serving.compactMap { plan.slots[$0] }))
  }

  /// Its agent may have begun to start it just before this began: then it is that one.
  ///
  /// - Returns: How it is, and what runs now; nil where it is none of the agent's.
  private func startedByAgent(
    _ instance: InstanceName, _ limits: DeploymentLimits
  ) async -> (StepResult, [RunningReplica])? {
    guard let running = try? await runtime.platform.running(),
      let there = running.first(where: { $0.spec.instance == instance })
    else { return nil }
    let began = StepResult(
      outcome: .done, durationMs: 0, reason: "its agent has started it", replica: there)
    return (await keepingLease { await proving(began, limits) }, running)
  }

  /// Records the end, and gives the lease back.
  func end(_ ended: SyncEnded) async throws -> SyncEnded {
    let lease = StreamName.lease(place.application, place.environment)
    _ = try await journal.append([
      draft(ended), DraftEvent(LeaseReleased(), in: lease, scope: place.scope),
    ])
    return ended
  }

  private func draft(_ payload: some EventPayload) -> DraftEvent {
    DraftEvent(
      payload, in: .sync(place.application, place.environment), scope: place.scope)
  }

  /// Renews the lease while an effect takes its time; who has lost it hears of that at the next
  /// entry.
  private func keepingLease<Result: Sendable>(
    _ work: @Sendable () async -> Result
  ) async -> Result {
    let renewing = Task {
      while (try? await Task.sleep(for: renewalPause)) != nil {
        _ = try? await journal.append([renewal])
      }
    }
    let result = await work()
    renewing.cancel()
    await renewing.value
    return result
  }

  private var renewal: DraftEvent {
    DraftEvent(
      LeaseRenewed(until: journal.now.adding(milliseconds: RolloutDriver.leaseMs)),
      in: .lease(place.application, place.environment), scope: place.scope)
  }

  /// Waits until each of these is well.
  ///
  /// - Returns: Why the first is not that will not be in time.
  private func unready(
    _ replicas: [RunningReplica], _ limits: DeploymentLimits
  ) async -> String? {
    for replica in replicas {
      if let reason = await proven(replica, limits, on: ContinuousClock()) {
        return """
          \(replica.spec.instance) is to answer instead of what the ledger does not know, and is \
          not well: \(reason)
          """
      }
    }
    return nil
  }

  /// A start is done when the replica has proven to be well.
  private func perform(
    _ order: DeploymentStepStarted, on effects: RolloutEffects, _ limits: DeploymentLimits
  ) async -> StepResult {
    await proving(await effects.perform(order), limits)
  }

  private func proving(_ result: StepResult, _ limits: DeploymentLimits) async -> StepResult {
    guard result.outcome == .done, let replica = result.replica else { return result }
    let clock = ContinuousClock()
    let began = clock.now
    let failure = await proven(replica, limits, on: clock)
    let durationMs = result.durationMs + (clock.now - began).wholeMilliseconds
    return StepResult(
      outcome: failure == nil ? .done : .failed, durationMs: durationMs,
      reason: failure.map { MachineWords($0) } ?? result.reason, replica: replica)
  }

  /// - Returns: Why it is not well after the time that it may take; nil when it is.
  private func proven(
    _ replica: RunningReplica, _ limits: DeploymentLimits, on clock: ContinuousClock
  ) async -> String? {
    guard let target = replica.probeTarget(timeoutMs: Int64(limits.probeTimeoutMs)) else {
      return "it has no port to be asked at"
    }
    let giveUp = clock.now + .milliseconds(limits.startupDeadlineMs)
    var passes = 0
    while true {
      let answer = await runtime.prober.probe(target)
      passes = answer.verdict == .pass ? passes + 1 : 0
      if passes >= limits.healthyThreshold { return nil }
      let running = try? await runtime.platform.running()
      if let running, !running.contains(where: { $0.process == replica.process }) {
        return "it ended by itself: \(answer.reason)"
      }
      guard clock.now < giveUp, !Task.isCancelled else {
        return "it was not well within \(limits.startupDeadlineMs) ms: \(answer.reason)"
      }
      try? await clock.sleep(for: Self.probePause)
    }
  }
}

extension SyncPlan {
  /// What runs and has to be well before anything is changed: it is to answer for a component of
  /// which something else answers now, as after a restore.
  fileprivate func awaited(
    _ projected: ProjectedRuntime, _ running: [RunningReplica]
  ) -> [RunningReplica] {
    let healthy = Set(projected.health.filter { $0.value == .healthy }.keys)
    let ending = Set(steps.flatMap { $0.action == .stopReplica ? $0.instances : [] })
    let others = running.filter { projected.slots[$0.spec.instance] == nil }
    let kept = running.filter {
      projected.slots[$0.spec.instance] != nil && !ending.contains($0.spec.instance)
    }
    let open = Set(others.map(\.spec.component)).filter(projected.takesTraffic)
    return kept.filter { open.contains($0.spec.component) && !$0.isWell(healthy: healthy) }
  }
}

extension SyncPlan.Step {
  package var instances: [InstanceName] {
    switch self {
    case .start(let instance), .drain(let instance), .stop(let instance): [instance]
    case .route(let instances): instances
    }
  }

  package var action: StepAction {
    switch self {
    case .start: .startReplica
    case .route: .shiftTraffic
    case .drain: .drainReplica
    case .stop: .stopReplica
    }
  }

  /// As a rollout's effects are asked for it.
  fileprivate func order(_ number: Int, _ slots: [InstanceName: Slot]) -> DeploymentStepStarted {
    DeploymentStepStarted(
      step: number, action: action, slots: instances.compactMap { slots[$0]?.recorded },
      instance: action == .shiftTraffic ? nil : instances.first)
  }
}

extension StepResult {
  fileprivate func synchronized(_ step: Int) -> SyncStepFinished {
    SyncStepFinished(
      step: step, outcome: outcome, durationMs: durationMs, reason: reason,
      process: replica.map { ReplicaProcess($0) })
  }
}
