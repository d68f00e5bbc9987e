/// How a rollout is going, for people: what a terminal shows while it runs and `stele replay`
/// after.
package struct RolloutProgress: Hashable, Sendable {
  package let phase: RolloutPhase
  /// The stage under way, from 1; 0 before the start and after the end.
  package let step: Int
  /// How many stages the present journey has; 0 before the start and after the end.
  package let stepCount: Int
  /// Every slot whose process may be there, in order.
  package let slots: [SlotProgress]
  /// Until what is being waited for is over, one way or the other; nil when nothing is.
  package let leftMs: Int64?
  /// What happens at that time if nothing happens before, as a sentence without its full stop.
  package let next: String
}

/// How one replica is doing.
package struct SlotProgress: Hashable, Sendable {
  package enum Condition: String, Hashable, Sendable, CaseIterable {
    case starting
    /// Runs since before the rollout and is not probed by it.
    case serving
    /// Runs, and is not yet proven healthy.
    case unproven
    case healthy
    /// Was healthy; its last answer was a failure.
    case failing
    case stopping
  }

  package let slot: Slot
  package let condition: Condition
  package let takesRequests: Bool
  /// Passes in a row, and how many prove it healthy.
  package let passes: Int
  package let passesNeeded: Int
  /// Failures in a row, and how many take the proof away.
  package let failures: Int
  package let failuresAllowed: Int
  package let last: ProbeResult?
}

extension RolloutMachine {
  package var progress: RolloutProgress {
    let journey = state.journey
    return RolloutProgress(
      phase: state.phase, step: journey.map { $0.stage + 1 } ?? 0,
      stepCount: journey?.route.count ?? 0,
      slots: replicas.keys.sorted().compactMap(progress), leftMs: leftMs, next: next)
  }

  private func progress(of slot: Slot) -> SlotProgress? {
    guard let replica = replicas[slot], let condition = replica.condition else { return nil }
    return SlotProgress(
      slot: slot, condition: condition, takesRequests: traffic.contains(slot),
      passes: replica.watch?.passes ?? 0, passesNeeded: plan.passesNeeded(by: slot),
      failures: replica.watch?.failures ?? 0, failuresAllowed: plan.limits.unhealthyThreshold,
      last: replica.watch?.last)
  }

  private var leftMs: Int64? {
    guard let journey = state.journey else { return nil }
    if case .baking(_, let untilMs) = journey.activity, untilMs > nowMs { return untilMs - nowMs }
    return max(0, journey.dueMs - nowMs)
  }

  private var next: String {
    switch state {
    case .waiting: "nothing until the rollout is started"
    case .settled: "nothing, the rollout is over"
    case .advancing(let journey): next(in: journey)
    case .restoring(let journey, _):
      switch journey.activity {
      case .draining: "the new release is stopped"
      case .starting, .shifting, .baking, .stopping: "the rollback has failed"
      }
    case .clearing: "the rollout ends with processes that did not stop"
    }
  }

  private func next(in journey: Journey) -> String {
    switch journey.activity {
    case .baking(_, let untilMs) where untilMs > nowMs:
      plan.predecessor == nil ? "the release is proven" : "the previous release is given up"
    case .draining: "the drained replicas are stopped"
    case .stopping where journey.isTidying:
      "the rollout is held with old replicas that did not stop"
    case .starting, .shifting, .baking, .stopping: consequence
    }
  }

  /// What a failure leads to under this plan.
  private var consequence: String {
    if plan.predecessor == nil { return "what was started is stopped" }
    return plan.rollback.actsByItself
      ? "back to the previous release" : "everything is held as it is, for a person to decide"
  }
}

extension Replica {
  fileprivate var condition: SlotProgress.Condition? {
    switch life {
    case .absent, .gone, .stopped: nil
    case .starting: .starting
    case .serving: .serving
    case .stopping: .stopping
    case .watched(let watch):
      if !watch.isProven { .unproven } else { watch.failures == 0 ? .healthy : .failing }
    }
  }
}
