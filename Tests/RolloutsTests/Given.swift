import Rollouts

/// Limits with round numbers: probes every second, two passes, three failures, 30 s to start,
/// 10 s of bake, 5 s to drain, two minutes in all.
let limits = RolloutLimits(
  probeIntervalMs: 1_000, probeTimeoutMs: 500, healthyThreshold: 2, unhealthyThreshold: 3,
  startupDeadlineMs: 30_000, bakeMs: 10_000, drainMs: 5_000, progressDeadlineMs: 120_000)

func web(_ replicas: Int) -> PlannedComponent {
  PlannedComponent(name: "web", takesTraffic: true, health: .http, replicas: replicas)
}

func worker(_ replicas: Int) -> PlannedComponent {
  PlannedComponent(name: "worker", takesTraffic: false, health: .process, replicas: replicas)
}

func old(_ component: String, _ replica: Int = 1) -> Slot { Slot(.previous, component, replica) }
func left(_ component: String, _ replica: Int = 1) -> Slot { Slot(.left, component, replica) }
func new(_ component: String, _ replica: Int = 1) -> Slot { Slot(.new, component, replica) }

/// A plan from `before` to `after`; nil before is a first deployment.
func plan(
  _ strategy: RolloutStrategy = .blueGreen, from before: [PlannedComponent]? = [web(1)],
  to after: [PlannedComponent] = [web(1)], limits: RolloutLimits = limits,
  enabled: Bool = true, automatic: Bool = true, skipsWaits: Bool = false
) throws -> RolloutPlan {
  try RolloutPlan(
    strategy: strategy, components: after,
    predecessor: before.map { Predecessor(wholeOf: $0) }, limits: limits,
    rollback: RollbackPolicy(enabled: enabled, automatic: automatic), skipsWaits: skipsWaits)
}

let pass = ProbeResult(latencyMicroseconds: 3_450, status: 200, verdict: .pass, reason: "200 OK")
let refused = ProbeResult(latencyMicroseconds: 90, verdict: .fail, reason: "connection refused")

/// A machine and its clock, told facts in words.
struct Telling {
  var machine: RolloutMachine
  var nowMs: Int64 = 0

  init(_ plan: RolloutPlan) {
    machine = RolloutMachine(plan: plan)
  }

  /// Tells a fact now.
  @discardableResult
  mutating func tell(_ fact: Fact) -> [Instruction] { machine.handle(fact, at: nowMs) }

  /// Lets time pass and tells so.
  @discardableResult
  mutating func wait(_ milliseconds: Int64) -> [Instruction] {
    nowMs += milliseconds
    return tell(.tick)
  }

  /// Tells that the slots run, and passes for them until each is proven.
  @discardableResult
  mutating func prove(_ slots: Slot..., passes: Int = 2) -> [Instruction] {
    var instructions = slots.flatMap { tell(.replicaStarted($0)) }
    for _ in 0..<passes {
      for slot in slots { instructions += tell(.probed(slot, pass)) }
    }
    return instructions
  }

  /// Blue-green up to the bake: everything new proven, traffic on it.
  mutating func reachBake() {
    tell(.started)
    let slots = machine.plan.components.flatMap { component in
      (1...component.replicas).map { Slot(.new, component.name, $0) }
    }
    for slot in slots { prove(slot) }
    if case .shifting(let target, _) = machine.state.journey?.activity {
      tell(.trafficShifted(to: target))
    }
  }

  /// Lets the bake pass with a pass each second from every new replica.
  @discardableResult
  mutating func bake() -> [Instruction] {
    var instructions: [Instruction] = []
    for _ in 0..<10 {
      nowMs += 1_000
      for slot in machine.progress.slots.map(\.slot) where slot.generation == .new {
        instructions += tell(.probed(slot, pass))
      }
    }
    return instructions
  }
}

/// The outcome a machine has settled with, if it has.
extension RolloutMachine {
  var outcome: Outcome? {
    guard case .settled(let outcome) = state else { return nil }
    return outcome
  }
}

extension [Instruction] {
  /// The decisions among the instructions.
  var decisions: [Judgement.Decision] { judgements.map(\.decision) }

  var judgements: [Judgement] {
    compactMap { instruction in
      guard case .judged(let judgement) = instruction else { return nil }
      return judgement
    }
  }

  /// Everything but the judgements.
  var effects: [Instruction] {
    filter { instruction in
      if case .judged = instruction { false } else { true }
    }
  }
}
