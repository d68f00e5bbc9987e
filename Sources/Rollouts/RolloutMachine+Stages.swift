/// What entering a stage asks for.
extension RolloutMachine {
  /// - Returns: What is waited for from now on, and how it is brought about; nil when there is
  ///   nothing to do in this stage.
  mutating func enter(_ stage: Stage) -> (Activity, [Instruction])? {
    switch stage {
    case .start(let slots): enterStart(slots)
    case .shift(let slots): enterShift(slots)
    case .bake: enterBake()
    case .drain(let slots): enterDrain(slots)
    case .stop(let slots): enterStop(slots)
    }
  }

  private mutating func enterStart(_ slots: [Slot]) -> (Activity, [Instruction])? {
    guard !slots.allSatisfy(isReady) else { return nil }
    let untilMs = nowMs + plan.limits.startupDeadlineMs
    return (
      .starting(slots, untilMs: untilMs), watchStanding(among: slots) + startAbsent(among: slots)
    )
  }

  /// Asks those that ran before the rollout how they are: that they did says nothing about now.
  private mutating func watchStanding(among slots: [Slot]) -> [Instruction] {
    let standing = slots.filter { replicas[$0]?.life == .serving }
    for slot in standing { replicas[slot]?.life = .watched(Watch(hasServed: true)) }
    return standing.map { .beginProbing($0) }
  }

  private mutating func enterShift(_ slots: [Slot]) -> (Activity, [Instruction])? {
    if !slots.isEmpty { audience = Set(slots.map(\.component)) }
    var target = slots.filter(mayServe)
    if case .advancing = state {
      let served = Set(target.map(\.component))
      target = (target + audience.subtracting(served).flatMap(whoMayAnswer)).sorted()
    }
    guard !target.isEmpty, !trafficIsKnown || traffic != Set(target) else { return nil }
    traffic = Set(target)
    (trafficIsKnown, isSwitchStale) = (false, false)
    return (.shifting(to: target, attempt: 1), [.shiftTraffic(to: target)])
  }

  private mutating func enterBake() -> (Activity, [Instruction])? {
    guard plan.bakeMs > 0 else {
      beginTidying()
      return nil
    }
    return (.baking(Tally(sinceMs: nowMs), untilMs: nowMs + plan.bakeMs), [])
  }

  private mutating func enterDrain(_ slots: [Slot]) -> (Activity, [Instruction])? {
    if case .restoring = state { beginTidying() }
    let open = slots.filter { replicas[$0]?.isRunning == true }
    guard plan.limits.drainMs > 0, !open.isEmpty else { return nil }
    return (
      .draining(Set(open), untilMs: nowMs + plan.limits.drainMs), open.map { .drain($0) }
    )
  }

  private mutating func enterStop(_ slots: [Slot]) -> (Activity, [Instruction])? {
    if case .restoring = state { beginTidying() }
    let existing = slots.filter { replicas[$0]?.mayExist == true }
    for slot in slots where replicas[slot]?.life == .gone { replicas[slot]?.life = .stopped }
    let instructions = existing.flatMap { stop($0) }
    return existing.isEmpty ? nil : (.stopping(Set(existing)), instructions)
  }

  private mutating func stop(_ slot: Slot) -> [Instruction] {
    guard let replica = replicas[slot], replica.life != .stopping else { return [] }
    replicas[slot]?.life = .stopping
    return (replica.watch == nil ? [] : [.endProbing(slot)]) + [.stop(slot)]
  }

  /// Asks for the start of those slots that hold no process.
  mutating func startAbsent(among slots: [Slot]) -> [Instruction] {
    let empty = slots.filter { replicas[$0]?.mayExist == false }
    for slot in empty {
      replicas[slot]?.life = .starting
      replicas[slot]?.starts += 1
    }
    return empty.map { .startReplica($0) }
  }
}

/// What is known of a slot, asked as a question.
extension RolloutMachine {
  /// Whether nothing more is waited for before the slot may take over.
  func isReady(_ slot: Slot) -> Bool {
    switch replicas[slot]?.life {
    case .watched(let watch): watch.passes >= plan.passesNeeded(by: slot)
    case .absent, .starting, .serving, .stopping, .gone, .stopped, nil: false
    }
  }

  /// Whether requests may be sent to the slot.
  func mayServe(_ slot: Slot) -> Bool {
    switch replicas[slot]?.life {
    case .serving: true
    case .watched(let watch): watch.isProven
    case .absent, .starting, .stopping, .gone, .stopped, nil: false
    }
  }

  /// Whether the slot's last answer was a pass, is later than `sinceMs`, and is not old news.
  func isServingWell(_ slot: Slot, since sinceMs: Int64) -> Bool {
    guard let watch = replicas[slot]?.watch else { return false }
    let isFresh = watch.lastMs >= max(sinceMs, nowMs - plan.limits.silenceMs)
    return isFresh && watch.last?.verdict == .pass
  }
}
