/// What time alone brings about.
extension RolloutMachine {
  /// Does what is due at ``nowMs``.
  mutating func expire() -> [Instruction] {
    if case .baking = state.journey?.activity {
      let instructions = goOnIfDone()
      guard instructions.isEmpty else { return instructions }
    }
    guard let journey = state.journey, nowMs >= journey.dueMs else { return [] }
    if case .draining = journey.activity { return goOn() }
    let failure = lateness(of: journey)
    switch state {
    case .waiting, .settled: return []
    case .advancing where journey.isTidying: return settle(.held(reason: failure.description))
    case .advancing: return fail(failure)
    case .restoring(_, let cause): return giveUp(cause, failure.description)
    case .clearing(_, let cause): return settle(.stopped(reason: "\(cause); \(failure)"))
    }
  }

  private func lateness(of journey: Journey) -> RolloutFailure {
    let limits = plan.limits
    let limitMs = limits.progressDeadlineMs + (journey.isTidying ? limits.drainMs : 0)
    return switch journey.activity {
    case .starting(let slots, let untilMs):
      .deadline(
        .starting, limitMs: untilMs <= journey.deadlineMs ? limits.startupDeadlineMs : limitMs,
        lagging: slots.filter { !isReady($0) }.map { lagging($0, since: 0) })
    case .baking(let tally, _):
      .deadline(
        .baking, limitMs: limitMs,
        lagging: plan.newSlots.sorted().filter { !isServingWell($0, since: tally.sinceMs) }
          .map { lagging($0, since: max(tally.sinceMs, nowMs - limits.silenceMs)) })
    case .stopping(let slots):
      .notStopped(
        slots.filter { replicas[$0]?.life == .stopping }.sorted(), limitMs: limitMs)
    case .shifting, .draining: .deadline(journey.activity.phase, limitMs: limitMs, lagging: [])
    }
  }

  private func lagging(_ slot: Slot, since sinceMs: Int64) -> Lagging {
    let watch = replicas[slot]?.watch
    let isFresh = watch.map { $0.lastMs >= sinceMs } ?? false
    return Lagging(
      slot: slot, passes: watch?.passes ?? 0, needed: plan.passesNeeded(by: slot),
      last: isFresh ? watch?.last : nil)
  }
}

extension Journey {
  /// When the activity under way is over, done or not. Draining always ends by itself.
  var dueMs: Int64 {
    switch activity {
    case .starting(_, let untilMs): min(untilMs, deadlineMs)
    case .draining(_, let untilMs): untilMs
    case .shifting, .baking, .stopping: deadlineMs
    }
  }
}
