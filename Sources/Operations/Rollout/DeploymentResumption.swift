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

  /// One answer is recorded in one entry, but for a rollback's beginning, which is an entry of its
  /// own: so at most the last answers are missing, and steps are recorded in the order given.
  private static func pending(
    _ emitted: [[Instruction]], _ history: DeploymentHistory
  ) -> [Instruction] {
    var steps = 0
    var pending: [Instruction] = []
    for answer in emitted {
      let stepCount = answer.count(where: \.isStep)
      steps += stepCount
      let isRecorded =
        stepCount > 0 ? steps <= history.lastStep : !answer.contains(where: \.isEnd)
      if !isRecorded { pending += answer }
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
