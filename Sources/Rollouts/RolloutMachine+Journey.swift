/// The way through the stages: the same for going forward, going back and clearing away.
extension RolloutMachine {
  /// How often a rollback asks for the same thing before it has failed.
  static let restoreAttempts = 3

  /// Begins a journey, with a progress deadline of its own.
  mutating func travel(_ route: [Stage], as purpose: (Journey) -> RolloutState) -> [Instruction] {
    state = purpose(Journey(route: route, deadlineMs: nowMs + plan.limits.progressDeadlineMs))
    return goOn()
  }

  mutating func update(_ change: (inout Journey) -> Void) {
    guard var journey = state.journey else { return }
    change(&journey)
    state = state.with(journey)
  }

  /// Enters the next stage that has something to do, or arrives.
  mutating func goOn() -> [Instruction] {
    guard let journey = state.journey else { return [] }
    for (number, stage) in journey.route.enumerated().dropFirst(journey.stage + 1) {
      if let (activity, instructions) = enter(stage) {
        update { ($0.stage, $0.activity) = (number, activity) }
        return instructions
      }
    }
    return arrive()
  }

  private mutating func arrive() -> [Instruction] {
    switch state {
    case .waiting, .settled: []
    case .advancing: settle(.succeeded)
    case .restoring(_, let failure): settle(.rolledBack(reason: failure.description))
    case .clearing(_, let failure): settle(.stopped(reason: failure.description))
    }
  }

  mutating func settle(_ outcome: Outcome) -> [Instruction] {
    state = .settled(outcome)
    return [.settle(outcome)]
  }

  /// Goes on when what the activity waits for is there.
  mutating func goOnIfDone() -> [Instruction] {
    switch state.journey?.activity {
    case .starting(let slots, _):
      let starts = startAbsent(among: slots)
      guard starts.isEmpty, slots.allSatisfy(isReady) else { return starts }
      return judgeStart(of: slots) + goOn()
    case .baking(let tally, let untilMs):
      guard nowMs >= untilMs, plan.newSlots.allSatisfy({ isServingWell($0, since: tally.sinceMs) })
      else { return [] }
      let judgement = judge(tally)
      beginTidying()
      return [judgement] + goOn()
    case .stopping(let slots):
      return slots.contains { replicas[$0]?.life == .stopping } ? [] : goOn()
    case .shifting, .draining, nil: return []
    }
  }

  /// From here on only what should not serve is left, and that has a deadline of its own.
  mutating func beginTidying() {
    if case .advancing = state { isPreviousGivenUp = true }
    let untilMs = nowMs + plan.limits.drainMs + plan.limits.progressDeadlineMs
    update { if !$0.isTidying { ($0.isTidying, $0.deadlineMs) = (true, untilMs) } }
  }
}
