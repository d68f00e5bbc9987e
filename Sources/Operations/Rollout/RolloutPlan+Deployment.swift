import Events
import Rollouts

/// A deployment's plan as the state machine takes it, and back: what `deployment.started` records
/// is everything that the machine decides by.
extension RolloutPlan {
  /// - Throws: `RolloutPlanError` when the recorded plan makes no sense, such as a rollout without
  ///   components.
  package init(_ started: DeploymentStarted) throws(RolloutPlanError) {
    try self.init(
      strategy: .init(started.strategy), components: started.components.map(PlannedComponent.init),
      predecessor: started.predecessor.map(Predecessor.init), limits: .init(started.limits),
      rollback: .init(
        enabled: started.rollback.enabled, automatic: started.rollback.automatic),
      skipsWaits: started.skipsWaits, isReturn: started.isReturn)
  }
}

extension DeploymentStarted {
  /// Whether a rollback asks for what counts as running, of which replicas are still there, beside
  /// what a rollout that was held has left.
  fileprivate var isReturn: Bool {
    guard cause == .rollback, let predecessor, predecessor.release == restores else { return false }
    return predecessor.running.contains { $0.release == nil }
      && predecessor.running.contains { $0.release != nil }
  }
}

extension Rollouts.RolloutStrategy {
  /// - Precondition: Not canary, which is refused before a deployment is started.
  fileprivate init(_ recorded: Events.RolloutStrategy) {
    switch recorded {
    case .blueGreen: self = .blueGreen
    case .rolling: self = .rolling
    case .canary: preconditionFailure("a canary deployment was started")
    }
  }
}

extension PlannedComponent {
  fileprivate init(_ recorded: DeploymentComponent) {
    self.init(
      name: recorded.name.rawValue, takesTraffic: recorded.takesTraffic,
      health: recorded.health == .http ? .http : .process, replicas: recorded.replicas)
  }
}

extension Predecessor {
  fileprivate init(_ recorded: DeploymentPredecessor) {
    let serving = recorded.running.filter { standing in
      standing.serves
        ?? recorded.components.contains { $0.name == standing.component && $0.takesTraffic }
    }
    self.init(
      components: recorded.components.map(PlannedComponent.init),
      running: Set(recorded.running.filter { $0.release == nil }.map(\.slot)),
      left: Set(recorded.running.filter { $0.release != nil }.map(\.slot)),
      serving: Set(serving.map(\.slot)))
  }
}

extension StandingReplica {
  package var slot: Slot {
    Slot(release == nil ? .previous : .left, component.rawValue, replica)
  }
}

extension RolloutLimits {
  fileprivate init(_ recorded: DeploymentLimits) {
    self.init(
      probeIntervalMs: Int64(recorded.probeIntervalMs),
      probeTimeoutMs: Int64(recorded.probeTimeoutMs),
      healthyThreshold: recorded.healthyThreshold, unhealthyThreshold: recorded.unhealthyThreshold,
      startupDeadlineMs: Int64(recorded.startupDeadlineMs), bakeMs: Int64(recorded.bakeMs),
      drainMs: Int64(recorded.drainMs), progressDeadlineMs: Int64(recorded.progressDeadlineMs),
      surge: recorded.surge)
  }
}

extension Slot {
  /// The machine's slot for a recorded one.
  package init(_ recorded: ReplicaSlot) {
    self.init(
      Generation(recorded.generation), recorded.component.rawValue, recorded.replica)
  }

  /// As events record it.
  ///
  /// - Precondition: The component's name came from a recorded plan, so it is well formed.
  package var recorded: ReplicaSlot {
    ReplicaSlot(
      component: .init(stringLiteral: component), generation: generation.recorded,
      replica: replica)
  }
}

extension Slot.Generation {
  fileprivate init(_ recorded: SlotGeneration) {
    switch recorded {
    case .previous: self = .previous
    case .left: self = .left
    case .new: self = .new
    }
  }

  fileprivate var recorded: SlotGeneration {
    switch self {
    case .previous: .previous
    case .left: .left
    case .new: .new
    }
  }
}
