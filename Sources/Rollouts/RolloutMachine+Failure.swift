/// What becomes of a rollout that does not go as it should.
extension RolloutMachine {
  /// A process is gone that nobody had asked to end, or never came.
  mutating func lose(_ slot: Slot, because failure: RolloutFailure) -> [Instruction] {
    switch state {
    case .waiting, .settled, .clearing: []
    case .advancing:
      switch slot.generation {
      case .new: fail(failure)
      // It was to go anyway. To go back for it would bring back what ends by itself.
      case .previous, .left: noteDrained(slot) + (rescue() ?? startAlone(slot))
      }
    case .restoring(_, let cause):
      switch slot.generation {
      case .new, .left: noteDrained(slot)
      case .previous: startAgain(slot, because: failure, restoringAfter: cause)
      }
    }
  }

  /// On the way forward, while nobody is left to answer a component's requests: sends them at once
  /// to whoever can, the previous release first.
  ///
  /// - Returns: Nil where everybody is served, or nobody can serve.
  mutating func rescue() -> [Instruction]? {
    guard case .advancing(let journey) = state, let target = rescuers else { return nil }
    if case .shifting(target, _) = journey.activity, !isSwitchStale { return nil }
    var again = Journey(
      route: [.shift(to: target)] + journey.route.dropFirst(journey.stage),
      deadlineMs: journey.deadlineMs)
    again.isTidying = journey.isTidying
    state = .advancing(again)
    return goOn()
  }

  /// Where requests have to go for somebody to answer those of every component, as far as there is
  /// somebody; nil where they do so already.
  private var rescuers: [Slot]? {
    // What was started again listens elsewhere: it gets none until the router is told.
    let running = traffic.filter {
      mayServe($0) && (trafficIsKnown || $0.generation != .previous || replicas[$0]?.starts == 0)
    }
    let unserved = audience.subtracting(running.map(\.component))
    let able = unserved.flatMap(whoMayAnswer)
    return able.isEmpty ? nil : running.union(able).sorted()
  }

  /// Starts what was proven and served alone again, while what replaces it is not there yet. A
  /// rollback leaves it for a reason.
  private mutating func startAlone(_ slot: Slot) -> [Instruction] {
    guard case .advancing = state, slot.generation == .previous, !plan.skipsWaits,
      replicas[slot]?.life == .gone, (replicas[slot]?.starts ?? 0) < Self.restoreAttempts,
      plan.takesTraffic(slot), audience.contains(slot.component),
      !traffic.contains(where: {
        $0.component == slot.component && replicas[$0]?.mayExist == true
      })
    else { return [] }
    return startAbsent(among: [slot])
  }

  /// Who may answer a component's requests now, the previous release first.
  func whoMayAnswer(_ component: String) -> [Slot] {
    mayAnswer(component, of: .previous) ?? mayAnswer(component, of: .new) ?? []
  }

  /// Nil where nobody may.
  private func mayAnswer(_ component: String, of generation: Slot.Generation) -> [Slot]? {
    let able = replicas.keys.filter {
      $0.component == component && $0.generation == generation && plan.takesTraffic($0)
        && mayServe($0)
    }
    return able.isEmpty ? nil : able
  }

  /// A replica that had been proven healthy is not any more.
  mutating func distrust(_ slot: Slot, because failure: RolloutFailure) -> [Instruction] {
    switch state {
    case .waiting, .settled, .clearing: return []
    case .advancing: return slot.generation == .new ? fail(failure) : []
    case .restoring(let journey, let cause):
      guard slot.generation == .previous else { return [] }
      if case .starting = journey.activity { return [] }  // It has until the deadline.
      return giveUp(cause, failure.description)
    }
  }

  /// Starts a replica that a rollback needs once more, and goes back from wherever that leaves it.
  private mutating func startAgain(
    _ slot: Slot, because failure: RolloutFailure, restoringAfter cause: RolloutFailure
  ) -> [Instruction] {
    let attempts = replicas[slot]?.starts ?? 0
    guard attempts < Self.restoreAttempts else {
      return giveUp(cause, "\(failure), started \(attempts) times")
    }
    guard let deadlineMs = state.journey?.deadlineMs else { return [] }
    state = .restoring(Journey(route: restoreRoute, deadlineMs: deadlineMs), because: cause)
    return goOn()
  }

  /// Ends the way forward: back, or hold, or stop, as the plan has it.
  mutating func fail(_ failure: RolloutFailure) -> [Instruction] {
    let decision = decision(after: failure)
    let judgement = Instruction.judged(
      Judgement(
        decision: decision, verdict: failure.verdict, phase: state.phase,
        reason: failure.description))
    switch decision {
    case .proceed, .hold:
      var switches: [Instruction] = []
      if case .advancing = state, let target = rescuers {
        traffic = Set(target)
        switches = [.shiftTraffic(to: target)]
      }
      return [judgement] + switches + settle(.held(reason: failure.description))
    case .stop:
      return [judgement]
        + travel([.stop(plan.newSlots.sorted())]) { .clearing($0, because: failure) }
    case .rollBack:
      trafficIsKnown = false  // Nobody has asked the router since it was last told.
      isPreviousGivenUp = false
      return [judgement, .beginRollback(reason: failure.description)]
        + travel(restoreRoute) { .restoring($0, because: failure) }
    }
  }

  private func decision(after failure: RolloutFailure) -> Judgement.Decision {
    guard plan.predecessor != nil else { return .stop }
    return plan.rollback.actsByItself || failure.isAbort ? .rollBack : .hold
  }

  /// The way back from here. Where everything that ran before still runs, its first stage is the
  /// switch; where some of it was stopped, what runs shares the load with others until the rest is
  /// back. What an earlier rollout has left goes with what is new.
  var restoreRoute: [Stage] {
    let previous = plan.restored.filter(plan.takesTraffic)
    let there = previous.filter { mayServe($0) && isTrusted($0) }
    let before = plan.predecessor?.running.filter(plan.takesTraffic) ?? []
    let isWhole = !there.isEmpty && before.allSatisfy(there.contains)
    let kept = isWhole || traffic.isEmpty ? [] : othersThatServe(beside: there)
    let leaving = plan.leavingOnTheWayBack
    return [
      .shift(to: (there + kept).sorted()), .start(plan.restored), .shift(to: previous),
      .drain(leaving.filter(plan.takesTraffic)), .stop(leaving),
    ]
  }

  /// What else requests may go to until the previous release is back: new replicas that are well,
  /// where an earlier rollout's run that had requests only those in the router; these themselves
  /// where nobody better is.
  private func othersThatServe(beside there: [Slot]) -> [Slot] {
    let left = (plan.predecessor?.left ?? []).filter { plan.takesTraffic($0) && mayServe($0) }
    let new = plan.newSlots.filter { isWorthKeeping($0) && (left.isEmpty || traffic.contains($0)) }
    let served = Set((there + new).map(\.component))
    return new + left.filter { !served.contains($0.component) }
  }

  /// Whether requests went to it when the rollout began, or it has answered well since. Who asks
  /// for what is still there says so themselves.
  private func isTrusted(_ slot: Slot) -> Bool {
    plan.isReturn || plan.predecessor?.serving.contains(slot) == true
      || replicas[slot]?.watch?.last?.verdict == .pass
  }

  private func isWorthKeeping(_ slot: Slot) -> Bool {
    plan.takesTraffic(slot) && mayServe(slot) && replicas[slot]?.watch?.last?.verdict == .pass
  }

  mutating func giveUp(_ cause: RolloutFailure, _ why: String) -> [Instruction] {
    settle(.rollbackFailed(reason: "\(cause); then \(why)"))
  }
}
