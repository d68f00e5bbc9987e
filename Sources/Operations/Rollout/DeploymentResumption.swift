import Events
import Rollouts

/// Where a rollout stands by the ledger alone, and what it wanted that nobody has done yet.
///
/// For a deployment that has only just been started this is the beginning; after a crash it is
/// wherever the driver got to. The state machine is told every recorded fact again, at the log's
/// own times, so it comes out where the driver's was.
struct DeploymentResumption: Sendable {
  /// After every recorded fact.
  let machine: RolloutMachine
  /// Instructions that the last facts led to and that were never recorded as begun.
  let pending: [Instruction]
  /// Steps that were begun and have no outcome: they are asked for again, which every platform
  /// answers without doing anything twice.
  let openSteps: [DeploymentStepStarted]
  /// Slots that are being watched.
  let probing: [Slot]

  /// - Throws: `RolloutPlanError` when the recorded plan makes no sense.
  init(_ history: DeploymentHistory) throws(RolloutPlanError) {
    var machine = RolloutMachine(plan: try RolloutPlan(history.started))
    var emitted: [[Instruction]] = []
    for moment in history.moments {
      emitted.append(machine.handle(moment.fact, at: moment.timed.atMs))
    }
    self.machine = machine
    pending = Self.pending(emitted, history)
    openSteps = history.openSteps.values.sorted { $0.step < $1.step }
    probing = Self.probing(emitted.joined())
  }

  /// One answer is recorded in one entry, but for a rollback's beginning and the end after steps,
  /// which are entries of their own: so at most the last answers are missing, and steps are
  /// recorded in the order given.
  private static func pending(
    _ emitted: [[Instruction]], _ history: DeploymentHistory
  ) -> [Instruction] {
    var number = 0
    var judgements = 0
    var pending: [Instruction] = []
    for var answer in emitted {
      answer.removeAll { instruction in
        guard case .judged = instruction else { return false }
        judgements += 1
        return judgements <= history.judgements
      }
      let steps = answer.filter(\.isStep)
      let isBegun =
        number + steps.count <= history.lastStep
        && zip((number + 1)..., steps).allSatisfy { history.step($0)?.isBegun(by: $1) == true }
      number += steps.count
      if !steps.isEmpty, !isBegun {
        pending += answer
      } else if answer.contains(where: \.isEnd) {
        pending += answer.filter { !$0.isStep }  // The end follows the steps that it waits for.
      }
    }
    return pending.filter { instruction in
      if case .beginRollback = instruction { return history.rollback == nil }
      return true
    }
  }

  private static func probing(_ instructions: some Sequence<Instruction>) -> [Slot] {
    var slots: Set<Slot> = []
    for instruction in instructions {
      switch instruction {
      case .beginProbing(let slot): slots.insert(slot)
      case .endProbing(let slot): slots.remove(slot)
      case .settle: slots = []
      case .startReplica, .shiftTraffic, .drain, .stop, .judged, .beginRollback: break
      }
    }
    return slots.sorted()
  }
}

extension DeploymentStepStarted {
  /// Whether it is the step that `instruction` asks for.
  fileprivate func isBegun(by instruction: Instruction) -> Bool {
    let slots = Set(slots.map(Slot.init))
    return switch (action, instruction) {
    case (.startReplica, .startReplica(let slot)), (.drainReplica, .drain(let slot)),
      (.stopReplica, .stop(let slot)):
      slots == [slot]
    case (.shiftTraffic, .shiftTraffic(let target)): slots == Set(target)
    default: false
    }
  }
}

extension Instruction {
  /// Recorded as a step, with an intent and an outcome.
  var isStep: Bool {
    switch self {
    case .startReplica, .shiftTraffic, .drain, .stop: true
    case .beginProbing, .endProbing, .judged, .beginRollback, .settle: false
    }
  }

  fileprivate var isEnd: Bool {
    switch self {
    case .settle: true
    case .startReplica, .shiftTraffic, .drain, .stop, .beginProbing, .endProbing, .judged,
      .beginRollback:
      false
    }
  }
}
