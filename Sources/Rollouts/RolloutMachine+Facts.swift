/// What each fact changes in what is known, and what follows from that.
extension RolloutMachine {
  mutating func noteStart(of slot: Slot) -> [Instruction] {
    guard replicas[slot]?.life == .starting else { return [] }
    replicas[slot]?.life = .watched(Watch())
    return [.beginProbing(slot)]
  }

  /// A start that failed, or a process that ended, asked to or not.
  mutating func noteEnd(of slot: Slot, because failure: RolloutFailure) -> [Instruction] {
    guard let replica = replicas[slot] else { return [] }
    switch replica.life {
    case .absent, .gone, .stopped: return []
    case .stopping: return noteStopped(slot)
    case .starting, .serving, .watched:
      replicas[slot]?.life = .gone
      // Started again, it listens elsewhere.
      if traffic.contains(slot) { trafficIsKnown = false }
      if case .shifting(let target, _) = state.journey?.activity, target.contains(slot) {
        isSwitchStale = true
      }
      let silence: [Instruction] = replica.watch == nil ? [] : [.endProbing(slot)]
      return silence + lose(slot, because: failure)
    }
  }

  mutating func note(_ result: ProbeResult, of slot: Slot) -> [Instruction] {
    guard var watch = replicas[slot]?.watch else { return [] }
    watch.record(result, at: nowMs, needed: plan.passesNeeded(by: slot))
    replicas[slot]?.life = .watched(watch)
    if slot.generation == .new { count(result) }
    if watch.isProven, watch.failures >= plan.limits.unhealthyThreshold {
      return distrust(
        slot, because: .unhealthy(slot, failures: watch.failures, reason: result.reason))
    }
    let next = goOnIfDone()
    return next.isEmpty ? rescue() ?? [] : next
  }

  private mutating func count(_ result: ProbeResult) {
    guard case .baking(var tally, let untilMs) = state.journey?.activity else { return }
    tally.count(result)
    update { $0.activity = .baking(tally, untilMs: untilMs) }
  }

  mutating func noteShift(to slots: [Slot]) -> [Instruction] {
    guard case .shifting(let target, _) = state.journey?.activity, target == slots.sorted() else {
      return []
    }
    trafficIsKnown = !isSwitchStale
    return goOn()
  }

  mutating func noteFailedShift(to slots: [Slot], reason: String) -> [Instruction] {
    guard case .shifting(let target, let attempt) = state.journey?.activity,
      target == slots.sorted()
    else { return [] }
    let left = target.filter(mayServe)  // Some may have ended since it was asked for.
    guard case .restoring(_, let failure) = state else {
      guard left != target else { return fail(.shiftFailed(reason: reason)) }
      return shiftAgain(to: left, attempt: attempt + 1)
    }
    guard attempt < Self.restoreAttempts else {
      return giveUp(failure, "traffic was not shifted back in \(attempt) attempts: \(reason)")
    }
    return shiftAgain(to: left, attempt: attempt + 1)
  }

  private mutating func shiftAgain(to slots: [Slot], attempt: Int) -> [Instruction] {
    guard !slots.isEmpty else { return goOn() }
    traffic = Set(slots)
    isSwitchStale = false
    update { $0.activity = .shifting(to: slots, attempt: attempt) }
    return [.shiftTraffic(to: slots)]
  }

  mutating func noteDrained(_ slot: Slot) -> [Instruction] {
    guard case .draining(var awaited, let untilMs) = state.journey?.activity,
      awaited.remove(slot) != nil
    else { return [] }
    update { $0.activity = .draining(awaited, untilMs: untilMs) }
    return awaited.isEmpty ? goOn() : []
  }

  mutating func noteStopped(_ slot: Slot) -> [Instruction] {
    guard replicas[slot]?.life == .stopping else { return [] }
    replicas[slot]?.life = .stopped
    return goOnIfDone()
  }
}
