import Rollouts
import Testing

/// What holds for any plan and any order of facts. Each number is a seed: a failure names it, and
/// the same seed tells the same story again.
@Suite struct PropertyTests {
  @Test(arguments: 0..<400)
  func `random facts never break an invariant`(seed: Int) throws {
    var random = Seeded(seed: UInt64(seed))
    let plan = try #require(randomPlan(using: &random))
    var machine = RolloutMachine(plan: plan)
    var watcher = Watcher(plan: plan)
    var nowMs: Int64 = 0

    for fact in [.started] + (0..<300).map({ _ in randomFact(in: plan, using: &random) }) {
      nowMs += Int64(random.next(below: 4_000))
      for _ in 0..<3 {  // What is overdue is said before the fact is, and so is what follows.
        watcher.check(machine.handle(.tick, at: nowMs), after: machine)
      }
      watcher.learn(fact)
      watcher.check(machine.handle(fact, at: nowMs), after: machine)
      _ = machine.progress
      _ = machine.state.description
    }
  }

  @Test(arguments: 0..<400)
  func `a rollout in an unreliable world is settled in time`(seed: Int) throws {
    var random = Seeded(seed: UInt64(seed) + 1_000_000)
    let plan = try #require(randomPlan(using: &random))
    var world = World(plan: plan, random: random)
    let latestMs = 4 * plan.limits.progressDeadlineMs + 2 * plan.limits.drainMs

    let outcome = world.run(untilMs: latestMs + 1_000)

    #expect(outcome != nil, "not settled after \(latestMs) ms")
    if outcome == .succeeded {
      #expect(world.running.allSatisfy { $0.generation == .new })
    }
    if case .rolledBack = outcome {
      #expect(world.running.allSatisfy { $0.generation == .previous })
    }
    if case .stopped = outcome { #expect(world.running.isEmpty) }
    #expect(RolloutMachine.replay(plan, world.told).flatMap(\.instructions) == world.asked)
  }

  @Test func `the unreliable world has every outcome in it`() throws {
    var seen: Set<String> = []
    for seed in 0..<400 {
      var random = Seeded(seed: UInt64(seed) + 1_000_000)
      var world = World(plan: try #require(randomPlan(using: &random)), random: random)
      let outcome = world.run(untilMs: 1_000_000)
      seen.insert(String(outcome?.description.prefix(8) ?? "nothing"))
    }
    #expect(
      seen == [
        "succeede", "rolled b", "held: ne", "held: st", "stopped:", "the roll",
      ])
  }
}

/// Follows the facts on its own, and says when an instruction breaks a promise.
struct Watcher {
  let plan: RolloutPlan
  private var alive: Set<Slot>
  private var stopping: Set<Slot> = []
  private var passes: [Slot: Int] = [:]
  private var proven: Set<Slot> = []
  private var starting: Set<Slot> = []

  init(plan: RolloutPlan) {
    self.plan = plan
    alive = plan.predecessor.map { $0.running.union($0.left) } ?? []
    proven = alive
  }

  mutating func learn(_ fact: Fact) {
    switch fact {
    case .replicaStarted(let slot):
      if starting.remove(slot) != nil { alive.insert(slot) }
    case .replicaStartFailed(let slot, _), .replicaExited(let slot, _), .stopped(let slot):
      if case .stopped = fact, !stopping.contains(slot) { return }
      for forget in [\Watcher.alive, \.proven, \.starting, \.stopping] {
        self[keyPath: forget].remove(slot)
      }
      passes[slot] = 0
    case .probed(let slot, let result) where alive.contains(slot):
      passes[slot] = result.verdict == .pass ? passes[slot, default: 0] + 1 : 0
      let needed =
        slot.generation != .new || plan.skipsWaits ? 1 : plan.limits.healthyThreshold
      if passes[slot, default: 0] >= needed { proven.insert(slot) }
    case .started, .probed, .trafficShifted, .trafficShiftFailed, .drained, .tick, .resumed,
      .abortRequested:
      break
    }
  }

  mutating func check(_ instructions: [Instruction], after machine: RolloutMachine) {
    var settled = false
    for instruction in instructions {
      #expect(!settled, "\(instruction) after the end")
      switch instruction {
      case .startReplica(let slot):
        #expect(!alive.contains(slot) && !starting.contains(slot) && !stopping.contains(slot))
        starting.insert(slot)
        passes[slot] = 0
      case .shiftTraffic(let slots):
        #expect(!slots.isEmpty)
        #expect(slots.allSatisfy { alive.contains($0) && proven.contains($0) }, "\(slots)")
        #expect(!slots.contains(where: stopping.contains))
        #expect(Set(slots) == machine.traffic)
      case .stop(let slot):
        #expect(alive.contains(slot) || starting.contains(slot))
        if plan.predecessor != nil { #expect(!machine.traffic.contains(slot), "\(slot)") }
        alive.remove(slot)
        starting.remove(slot)
        stopping.insert(slot)
      case .settle: settled = true
      case .judged(let judgement):
        #expect(!judgement.reason.isEmpty)
        #expect((judgement.decision == .proceed) == (judgement.verdict == .healthy))
      case .beginProbing(let slot): #expect(alive.contains(slot))
      case .endProbing, .drain, .beginRollback: break
      }
    }
    checkServed(by: machine, isOver: settled)
  }

  /// On the way forward, and where it is held, requests do not go nowhere while somebody proven
  /// could answer them.
  private func checkServed(by machine: RolloutMachine, isOver: Bool) {
    switch machine.state {
    case .advancing(let journey):
      if case .shifting = journey.activity { return }
    case .settled(.held) where isOver: break
    case .waiting, .restoring, .clearing, .settled: return
    }
    let served = Set(machine.traffic.intersection(alive).map(\.component))
    let able = alive.intersection(proven).filter {
      $0.generation != .left && $0.component == "web" && !stopping.contains($0)
    }
    if machine.traffic.contains(where: { $0.component == "web" }), !served.contains("web") {
      #expect(able.isEmpty, "\(able) could answer")
    }
  }
}

extension PlannedComponent {
  func all(_ generation: Slot.Generation) -> [Slot] {
    (0..<replicas).map { Slot(generation, name, $0 + 1) }
  }
}
