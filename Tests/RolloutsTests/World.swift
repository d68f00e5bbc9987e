import Rollouts

/// The same numbers for the same seed, on any machine: SplitMix64.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func chance(_ percent: Int) -> Bool { next(below: 100) < percent }
}

/// A plan of up to two components, or nil if the draw was one that is refused.
func randomPlan(using random: inout Seeded) -> RolloutPlan? {
  for _ in 0..<100 {
    let before: [PlannedComponent]? =
      random.chance(15) ? nil : [web(1 + random.next(below: 3)), worker(random.next(below: 3))]
    let after = [web(1 + random.next(below: 3)), worker(random.next(below: 3))]
    let running = Set(
      (before ?? []).flatMap { $0.all(.previous) }.filter { _ in random.chance(90) })
    let left = Set(
      before == nil || random.chance(60)
        ? []
        : [web(random.next(below: 3)), worker(random.next(below: 2))].flatMap { $0.all(.left) })
    let isReturn = !left.isEmpty && !running.isEmpty && random.chance(30)
    let serving = Set(
      running.union(left).sorted().filter { $0.component == "web" && random.chance(70) })
    let plan = try? RolloutPlan(
      strategy: random.chance(50) ? .rolling : .blueGreen,
      components: (isReturn ? before : nil) ?? after,
      predecessor: before.map {
        Predecessor(
          components: $0, running: running, left: left, serving: left.isEmpty ? nil : serving)
      },
      limits: RolloutLimits(
        probeIntervalMs: 1_000, probeTimeoutMs: 500,
        healthyThreshold: 1 + random.next(below: 3), unhealthyThreshold: 1 + random.next(below: 3),
        startupDeadlineMs: 30_000, bakeMs: Int64(random.next(below: 3)) * 5_000,
        drainMs: Int64(random.next(below: 2)) * 5_000, progressDeadlineMs: 120_000,
        surge: 1 + random.next(below: 2)),
      rollback: RollbackPolicy(enabled: random.chance(90), automatic: random.chance(90)),
      skipsWaits: isReturn || random.chance(10), isReturn: isReturn)
    if let plan { return plan }
  }
  return nil
}

/// Any fact, about any slot the plan knows, and now and then one it does not.
func randomFact(in plan: RolloutPlan, using random: inout Seeded) -> Fact {
  let slots =
    plan.components.flatMap { $0.all(.new) }
    + (plan.predecessor?.components ?? []).flatMap { $0.all(.previous) }
    + (plan.predecessor?.left ?? []).sorted() + [new("stranger")]
  let slot = slots[random.next(below: slots.count)]
  let some = slots.filter { _ in random.chance(50) }
  return switch random.next(below: 24) {
  case 0...3: .replicaStarted(slot)
  case 4...14: .probed(slot, random.chance(90) ? pass : refused)
  case 15: .replicaStartFailed(slot, reason: "drawn")
  case 16: .replicaExited(slot, .signal(9))
  case 17, 18: .trafficShifted(to: some.filter { $0.component == "web" })
  case 19: .trafficShiftFailed(to: some, reason: "drawn")
  case 20: .drained(slot)
  case 21: .stopped(slot)
  case 22: .tick
  default:
    random.chance(20)
      ? .abortRequested(reason: "drawn") : random.chance(50) ? .resumed : .started
  }
}

/// Does what it is told, mostly: starts fail, replicas crash or fail their probes, switches fail,
/// probers fall silent, people abort. Stops always succeed. Its clock ticks every 500 ms.
struct World {
  let plan: RolloutPlan
  private var machine: RolloutMachine
  private var watcher: Watcher
  private var random: Seeded
  private(set) var running: Set<Slot>
  private(set) var told: [TimedFact] = []
  private(set) var asked: [Instruction] = []
  private var probed: Set<Slot> = []
  private var pending: [Fact] = [.started]
  /// How often something goes wrong, percent.
  private let trouble: Int
  private let bad: Set<Slot>

  init(plan: RolloutPlan, random: Seeded) {
    var random = random
    self.plan = plan
    machine = RolloutMachine(plan: plan)
    watcher = Watcher(plan: plan)
    running = plan.predecessor.map { $0.running.union($0.left) } ?? []
    trouble = [0, 1, 6][random.next(below: 3)]
    let slots =
      plan.components.flatMap { $0.all(.new) }
      + (plan.predecessor?.components ?? []).flatMap { $0.all(.previous) }
    bad = Set(slots.filter { _ in random.chance(4) })
    self.random = random
  }

  mutating func run(untilMs: Int64) -> Outcome? {
    for nowMs in stride(from: Int64(0), through: untilMs, by: 500) {
      let facts = [.tick] + pending + happenings(at: nowMs)
      pending = []
      for fact in facts { tell(fact, at: nowMs) }
      if let outcome = machine.outcome { return outcome }
    }
    return nil
  }

  private mutating func tell(_ fact: Fact, at nowMs: Int64) {
    told.append(TimedFact(atMs: nowMs, fact))
    watcher.learn(fact)
    let instructions = machine.handle(fact, at: nowMs)
    watcher.check(instructions, after: machine)
    asked += instructions
    for instruction in instructions { perform(instruction) }
  }

  private mutating func happenings(at nowMs: Int64) -> [Fact] {
    var facts: [Fact] = []
    for slot in running.sorted() where random.chance(trouble) && random.chance(20) {
      running.remove(slot)
      facts.append(.replicaExited(slot, .signal(11)))
    }
    if random.chance(trouble), random.chance(5) { facts.append(.abortRequested(reason: "drawn")) }
    for slot in probed.sorted() where nowMs % 1_000 == 0 && !random.chance(trouble) {
      let isWell = running.contains(slot) && !bad.contains(slot) && !random.chance(trouble)
      facts.append(.probed(slot, isWell ? pass : refused))
    }
    return facts
  }

  private mutating func perform(_ instruction: Instruction) {
    let fails = random.chance(trouble)
    switch instruction {
    case .startReplica(let slot) where fails:
      pending.append(.replicaStartFailed(slot, reason: "drawn"))
    case .startReplica(let slot):
      running.insert(slot)
      pending.append(.replicaStarted(slot))
    case .shiftTraffic(let slots):
      pending.append(
        fails ? .trafficShiftFailed(to: slots, reason: "drawn") : .trafficShifted(to: slots))
    case .drain(let slot): if !fails { pending.append(.drained(slot)) }
    case .stop(let slot):
      running.remove(slot)
      pending.append(.stopped(slot))
    case .beginProbing(let slot): probed.insert(slot)
    case .endProbing(let slot): probed.remove(slot)
    case .judged, .beginRollback, .settle: break
    }
  }
}
