/// How another driver goes on with a rollout whose driver was gone for a while.
extension RolloutMachine {
  /// The router is told again where requests go, and what was proven is asked anew, before
  /// anything follows from it. A way forward whose time is over meanwhile leads back; a way back
  /// gets new time, because nothing else is left to try.
  mutating func resume() -> [Instruction] {
    switch state {
    case .waiting, .settled: return []
    case .clearing: return expire()
    case .advancing:
      let overdue = expire()
      guard case .advancing(let journey) = state else { return overdue }
      return overdue + advanceAgain(journey)
    case .restoring(let journey, let cause): return restoreAgain(journey, because: cause)
    }
  }

  private mutating func advanceAgain(_ journey: Journey) -> [Instruction] {
    let proven = plan.newSlots.filter(mayServe).sorted()
    doubt()
    let route = journey.route.dropFirst(journey.stage)
    var again = Journey(
      route: [.shift(to: traffic.sorted()), .start(proven)] + route,
      deadlineMs: max(journey.deadlineMs, nowMs + plan.limits.progressDeadlineMs))
    again.isTidying = journey.isTidying
    state = .advancing(again)
    return goOn()
  }

  private mutating func restoreAgain(
    _ journey: Journey, because cause: RolloutFailure
  ) -> [Instruction] {
    doubt()
    let deadlineMs = nowMs + plan.limits.progressDeadlineMs
    if journey.stage == 0, case .shifting = journey.activity {  // It is asked for already.
      update { $0.deadlineMs = deadlineMs }
      return []
    }
    state = .restoring(Journey(route: restoreRoute, deadlineMs: deadlineMs), because: cause)
    return goOn()
  }

  private mutating func doubt() {
    trafficIsKnown = false
    for (slot, replica) in replicas {
      guard var watch = replica.watch else { continue }
      watch.doubt()
      replicas[slot]?.life = .watched(watch)
    }
  }

  /// Slots whose process should be there: when it is not, it has ended and nobody saw it.
  package var expected: Set<Slot> { Set(replicas.filter { $0.value.isRunning }.keys) }

  /// Slots whose process was asked to end, whether it has or not: nobody asks how it is any more.
  package var retired: Set<Slot> {
    Set(replicas.filter { $0.value.life == .stopping || $0.value.life == .stopped }.keys)
  }

  /// Whether nothing new is wanted any more.
  package var hasTurnedBack: Bool {
    switch state {
    case .waiting, .advancing: false
    case .restoring, .clearing, .settled: true
    }
  }

  /// Slots whose process ended by itself or never came.
  package var gone: Set<Slot> { Set(replicas.filter { $0.value.life == .gone }.keys) }

  /// Slots whose process should be there when the rollout is over, whether it is or not. A previous
  /// one that ended by itself belongs to what a held rollout leaves, and a new one that did is why
  /// it was held; once the previous release is given up it is the other way round.
  package var wanted: Set<Slot> {
    let wanted: Slot.Generation = isPreviousGivenUp ? .new : .previous
    return expected.union(gone.filter { $0.generation == wanted })
  }
}
