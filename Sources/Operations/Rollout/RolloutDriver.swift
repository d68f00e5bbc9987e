import Events
import Platforms
import Rollouts

/// Takes a rollout from where it stands to its end: tells the state machine what happened, records
/// what it wants before doing it, and what came of it after.
///
/// Every fact is appended first and told with the log's own time, so a replay of the ledger goes
/// through the same decisions. A crash at any point leaves at most steps without an outcome, which
/// ``Recovery`` settles.
actor RolloutDriver {
  private let history: DeploymentHistory
  private let journal: DeploymentJournal
  private let platform: any Platform
  private let prober: any Prober
  private let effects: RolloutEffects
  private let orders: ReplicaOrders
  private let observer: @Sendable (RolloutProgress) -> Void

  private var machine: RolloutMachine
  private var lastStep: Int
  private var instances: [Slot: InstanceName]
  private var rollbackRelease: Int?
  private var leaseUntil: Timestamp
  private var knowsAbort: Bool
  private var steps = StepsUnderWay()
  private var probes: [Slot: Task<Void, Never>] = [:]
  private let inbox: AsyncStream<RolloutNews>
  private let send: AsyncStream<RolloutNews>.Continuation

  /// How often time is told when nothing else happens.
  private static let tick = Duration.milliseconds(200)
  /// How long a lease is taken for, and when it is renewed.
  static let leaseMs = 30_000

  init(
    history: DeploymentHistory, machine: RolloutMachine, journal: DeploymentJournal,
    platform: any Platform, prober: any Prober, effects: RolloutEffects, orders: ReplicaOrders,
    leaseUntil: Timestamp, observer: @escaping @Sendable (RolloutProgress) -> Void
  ) {
    self.history = history
    self.machine = machine
    self.journal = journal
    self.platform = platform
    self.prober = prober
    self.effects = effects
    self.orders = orders
    self.leaseUntil = leaseUntil
    self.observer = observer
    lastStep = history.lastStep
    instances = history.instances
    knowsAbort = history.isAborted
    rollbackRelease = history.rollback?.release
    (inbox, send) = AsyncStream.makeStream()
  }

  /// Drives until the machine is settled.
  ///
  /// - Parameter resumption: What was wanted and not done, from the beginning or after a crash.
  /// - Parameter missing: Replicas that ended while nobody looked.
  /// - Throws: What made recording impossible, ``LeaseLost`` among it. Nothing more is done then;
  ///   what runs goes on running, and `stele recover` takes over.
  func drive(
    _ resumption: DeploymentResumption, missing: [Slot: InstanceName]
  ) async throws -> Outcome {
    let background = [clock(), await watch()]
    defer {
      for task in background { task.cancel() }
      for task in probes.values { task.cancel() }
      send.finish()
    }
    for step in resumption.openSteps { await begin(again: step) }
    for slot in resumption.probing { probes[slot] = probing(slot) }
    try await obey(resumption.pending)
    for (slot, instance) in missing.sorted(by: { $0.key < $1.key }) {
      if case .settled = machine.state { break }  // Nothing is told after the end.
      try await noteMissing(slot, instance)
    }
    if case .settled(let outcome) = machine.state { return outcome }
    for await news in inbox {
      try await take(news)
      observer(machine.progress)
      if case .settled(let outcome) = machine.state { return outcome }
    }
    throw CancellationError()
  }

  private func clock() -> Task<Void, Never> {
    Task { [send] in
      while !Task.isCancelled {
        send.yield(.tick)
        try? await Task.sleep(for: Self.tick)
      }
    }
  }

  private func watch() async -> Task<Void, Never> {
    let ends = await platform.ends()
    return Task { [send] in
      for await end in ends { send.yield(.ended(end)) }
    }
  }

  private func take(_ news: RolloutNews) async throws {
    switch news {
    case .tick: try await tick()
    case .probed(let slot, let instance, let result):
      try await note(result, of: slot, instance: instance)
    case .ended(let end): try await note(end)
    case .finished(let step, let result): try await note(result, of: step)
    }
  }

  /// Tells the machine what was recorded, after what others had recorded before it: a replay goes
  /// by the ledger's order too.
  private func tell(_ fact: Fact, of moment: JournalMoment) async throws {
    if !knowsAbort, let asked = try await journal.look().abortRequested,
      asked.position < moment.position
    {
      try await turnBack(asked)
    }
    try await tell(fact, at: moment.recorded)
  }

  private func turnBack(_ asked: JournalMoment) async throws {
    knowsAbort = true
    try await tell(
      .abortRequested(reason: "asked for at entry \(asked.position)"), at: asked.recorded)
  }

  private func tell(_ fact: Fact, at time: Timestamp) async throws {
    try await obey(machine.handle(fact, at: time.microseconds / 1_000))
  }
}

// What happened.
extension RolloutDriver {
  private func tick() async throws {
    let now = journal.now  // Before the look: what is not seen then is later than the tick.
    let news = try await journal.look()
    guard let until = news.leaseUntil else { throw journal.leaseLost }
    leaseUntil = until
    try await renewLease()
    if let asked = news.abortRequested, !knowsAbort { try await turnBack(asked) }
    try await tell(.tick, at: now)
  }

  private func renewLease() async throws {
    let now = journal.now
    let left = leaseUntil.microseconds(since: now) / 1_000
    guard left < Int64(Self.leaseMs * 2 / 3) else { return }
    let until = now.adding(milliseconds: Self.leaseMs)
    _ = try await journal.append([event(LeaseRenewed(until: until))])
    leaseUntil = until
  }

  private func note(
    _ result: ProbeResult, of slot: Slot, instance: InstanceName
  ) async throws {
    guard probes[slot] != nil else { return }  // An answer that came after nobody asked any more.
    let check = HealthChecked(
      component: .init(stringLiteral: slot.component), instance: instance,
      latencyUs: Int(result.latencyMicroseconds), status: result.status,
      verdict: result.verdict == .pass ? .pass : .fail, reason: MachineWords(result.reason),
      deployment: history.deployment)
    try await tell(.probed(slot, result), of: journal.append([event(check)]))
  }

  private func note(_ end: ReplicaEnd) async throws {
    let instance = end.replica.spec.instance
    guard let slot = instances.first(where: { $0.value == instance })?.key,
      !(end.wasAsked && machine.retired.contains(slot))
    else { return }
    let exited = DeploymentReplicaExited(
      slot: slot.recorded, instance: instance, status: end.exit.status, signal: end.exit.signal)
    try await tell(.replicaExited(slot, end.exit), of: journal.append([event(exited)]))
  }

  private func noteMissing(_ slot: Slot, _ instance: InstanceName) async throws {
    let exited = DeploymentReplicaExited(slot: slot.recorded, instance: instance)
    try await tell(.replicaExited(slot, .unknown), of: journal.append([event(exited)]))
  }

  private func note(_ result: StepResult, of step: DeploymentStepStarted) async throws {
    guard steps.finish(step.step) else { return }  // Recorded with the end.
    let moment = try await journal.append([event(result.event(step.step))])
    guard let fact = step.fact(result.outcome, reason: result.reason?.text ?? "no reason given")
    else { return }
    try await tell(fact, of: moment)
  }
}

// What is to be done.
extension RolloutDriver {
  /// Records the intents of one answer in one entry, then carries them out.
  ///
  /// Commit point: the entry with the intents. A crash before it leaves nothing done; one after it
  /// leaves open steps.
  private func obey(_ instructions: [Instruction]) async throws {
    var events: [DraftEvent] = []
    var begun: [DeploymentStepStarted] = []
    var end: Outcome?
    for instruction in instructions {
      switch instruction {
      case .startReplica, .shiftTraffic, .drain, .stop:
        let step = begin(instruction)
        begun.append(step)
        events.append(event(step))
      case .beginProbing, .endProbing: break  // Obeyed below; every probe is recorded by itself.
      case .judged(let judgement): events.append(event(DeploymentJudged(judgement)))
      case .beginRollback(let reason):
        if !events.isEmpty { _ = try await journal.append(events) }
        events = []
        try await beginRollback(reason)
      case .settle(let outcome): end = outcome
      }
    }
    if let end, begun.isEmpty { return try await settle(end, after: events) }
    if !events.isEmpty { _ = try await journal.append(events) }
    for step in begun { carryOut(step) }
    for instruction in instructions { watch(instruction) }
    if let end { try await settle(end, after: []) }
  }

  /// Records the end, with what came of the starts and switches under way: the ledger is to know
  /// what runs and where requests go.
  private func settle(_ outcome: Outcome, after events: [DraftEvent]) async throws {
    let open = steps.awaited
    guard !open.isEmpty else {
      _ = try await journal.append(events + settling(outcome))
      return
    }
    if !events.isEmpty { _ = try await journal.append(events) }
    let renewing = Task { await self.keepLease() }
    var results: [DraftEvent] = []
    for (number, result) in open {
      results.append(event(await result.value.event(number)))
      _ = steps.finish(number)
    }
    renewing.cancel()
    await renewing.value
    _ = try await journal.append(results + settling(outcome))
  }

  /// Renews the lease while nobody tells the time; who has lost it hears of that at the next entry.
  private func keepLease() async {
    while (try? await Task.sleep(for: .seconds(1))) != nil {
      try? await renewLease()
    }
  }

  private func begin(_ instruction: Instruction) -> DeploymentStepStarted {
    lastStep += 1
    let (action, slots): (StepAction, [Slot]) =
      switch instruction {
      case .startReplica(let slot): (.startReplica, [slot])
      case .drain(let slot): (.drainReplica, [slot])
      case .stop(let slot): (.stopReplica, [slot])
      case .shiftTraffic(let slots): (.shiftTraffic, slots)
      case .beginProbing, .endProbing, .judged, .beginRollback, .settle:
        preconditionFailure("\(instruction) is no step")
      }
    if action == .startReplica, let slot = slots.first {
      instances[slot] = orders.instance(
        for: slot, release: rollbackRelease ?? number(of: slot.generation))
    }
    return DeploymentStepStarted(
      step: lastStep, action: action, slots: slots.map(\.recorded),
      instance: action == .shiftTraffic ? nil : slots.first.flatMap { instances[$0] })
  }

  /// The release that a replica is of while the rollout goes on.
  private func number(of generation: Slot.Generation) -> Int {
    let number = history.started.release
    return generation == .new ? number : history.started.predecessor?.release ?? number
  }

  /// Runs beside the driver.
  private func carryOut(_ step: DeploymentStepStarted, as known: StepResult? = nil) {
    steps.add(step) { [effects] in
      if let known { known } else { await effects.perform(step) }
    } report: { [send] result in
      send.yield(.finished(step, result))
    }
  }

  /// A step from before this driver came: a start is called off where the rollout turned back.
  private func begin(again step: DeploymentStepStarted) async {
    if step.action == .startReplica, let slot = step.slots.first.map(Slot.init),
      slot.generation == .new, machine.hasTurnedBack, await effects.replica(in: slot) == nil
    {
      if let instance = step.instance { await effects.callOff(instance) }
      let reason: MachineWords = "not begun: the rollout has turned back"
      carryOut(step, as: StepResult(outcome: .failed, durationMs: 0, reason: reason))
    } else {
      carryOut(step)
    }
  }

  private func watch(_ instruction: Instruction) {
    switch instruction {
    case .beginProbing(let slot):
      probes[slot]?.cancel()
      probes[slot] = probing(slot)
    case .endProbing(let slot): probes.removeValue(forKey: slot)?.cancel()
    case .startReplica, .shiftTraffic, .drain, .stop, .judged, .beginRollback, .settle: break
    }
  }

  private func probing(_ slot: Slot) -> Task<Void, Never> {
    let limits = history.started.limits
    return Task { [effects, prober, send] in
      while !Task.isCancelled {
        if let replica = await effects.replica(in: slot),
          let target = replica.probeTarget(timeoutMs: Int64(limits.probeTimeoutMs))
        {
          let result = await prober.probe(target)
          if Task.isCancelled { return }
          send.yield(.probed(slot, replica.spec.instance, result))
        }
        try? await Task.sleep(for: .milliseconds(limits.probeIntervalMs))
      }
    }
  }

  private func beginRollback(_ reason: String) async throws {
    guard let predecessor = history.started.predecessor else { return }
    rollbackRelease = try await journal.appendRelease { [history] release in
      [
        history.draft(
          DeploymentRollbackStarted(
            restores: predecessor.release, release: release, reason: MachineWords(reason))),
        history.draft(
          ReleaseStarted(
            cause: .rollback, build: predecessor.build,
            configuration: predecessor.configurationVersion, restores: predecessor.release)),
      ]
    }
  }

  private func settling(_ outcome: Outcome) -> [DraftEvent] {
    let milliseconds = journal.now.microseconds(since: history.startedAt) / 1_000
    let ending = DeploymentEnding(
      outcome, history: history, rollbackRelease: rollbackRelease, wasAborted: knowsAbort,
      durationMs: max(0, Int(milliseconds)))
    return [ending.draft, event(LeaseReleased())]
  }

  private func event(_ payload: some EventPayload) -> DraftEvent { history.draft(payload) }
}
