import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts

/// What an agent does beside being the parent of replicas: between rollouts it asks them how they
/// are, starts those again that died, keeps requests away from those that hang, keeps the router
/// up, and records all of it.
///
/// While a deployment's driver lives it does none of this: the driver does. Where the driver is
/// gone it keeps up the release that was proven before, and leaves the rest to `stele recover`.
/// What runs and is in no release that the ledger wants there, it ends; what should run and does
/// not, it starts, whoever had it before.
///
/// What is to be done is decided by values, ``RestartSchedule``, ``HealthMonitor``,
/// ``HealthyTraffic`` and ``DeploymentReplicas``; this carries it out, a round at a time. What
/// could not be recorded is kept for the next round.
package actor AgentCompanion: AgentObserver {
  let session: Session
  let environment: EnvironmentName
  let router: any TrafficRouter
  private let prober: any Prober
  private let clock: any Clock<Duration>
  /// How long a round waits for the starts and ends that are under way.
  let patience: Duration
  let log: Logger

  var schedule = RestartSchedule()
  var monitor = HealthMonitor()
  /// Whether the router was last seen not to answer.
  var isRouterDown = false
  /// Whether the ledger was last seen not to be whole.
  private(set) var isLedgerDoubted = false
  /// Whom the schedule and the monitor are about.
  private(set) var followed: SteadyRelease?
  /// The replicas of the deployment that brought ``followed`` about, or that was left in it.
  private(set) var left: DeploymentReplicas?
  /// When what should run is held against what does, since ``followed`` is.
  var comparison = ComparisonSchedule()
  /// Whose start or end is under way.
  private(set) var underWay: Set<InstanceName> = []
  /// Told whenever one of these is over.
  private let overs = Broadcast<Void>()
  /// Ends that are not decided about yet, because the ledger could not be read.
  var ends: [ReplicaEnd] = []
  /// Ends that a driver which lived was to decide about, should it not have; the last thousand.
  var handedOver: [ReplicaEnd] = []
  /// Entries that are to be recorded yet, oldest first.
  var unrecorded: [EntryDraft] = []

  /// How often is looked whether there is anything to keep up.
  private static let restMs = 1_000

  package init(
    _ session: Session, environment: EnvironmentName, router: any TrafficRouter,
    prober: any Prober, clock: any Clock<Duration> = ContinuousClock(),
    patience: Duration = .seconds(1), log: Logger
  ) {
    self.session = session
    self.environment = environment
    self.router = router
    self.prober = prober
    self.clock = clock
    self.patience = patience
    self.log = log
  }

  package func agentStarted(
    _ identity: AgentIdentity, adopted: [RunningReplica], lost: [ReplicaEnd]
  ) async {
    log.info("started as process \(identity.process.pid), \(adopted.count) replicas adopted")
    for end in lost { await replicaEnded(end) }
  }

  package func replicaEnded(_ end: ReplicaEnd) async {
    log.notice("\(end.replica.spec.instance) ended with \(end.exit)")
    ends.append(end)
    await reporting { try await settleEnds() }
  }

  /// - Throws: `LedgerError.fileReplaced` when a restore has put another ledger in its place, by
  ///   which the next agent goes.
  package func accompany(_ platform: any Platform) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await self.demandLedgerInPlace() }
      group.addTask { try await self.goRound(on: platform) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func goRound(on platform: any Platform) async throws {
    while true {
      let pauseMs = await round(on: platform)
      try await clock.sleep(for: .milliseconds(pauseMs))
    }
  }

  private func demandLedgerInPlace() async throws {
    while true {
      do {
        try session.ledger.demandInPlace()
      } catch {
        log.error(
          """
          another ledger has taken the place of the one this agent goes by, as after a restore: it \
          ends, and its replicas run on; `stele agent \(environment)` starts the next one
          """)
        throw error
      }
      try await Task.sleep(for: .milliseconds(Self.restMs))
    }
  }

  /// Looks after everything once.
  ///
  /// - Returns: After how many milliseconds to look again.
  func round(on platform: any Platform) async -> Int {
    await reporting { try await settleEnds() }
    guard let found = await reporting({ try await attend() }) else { return Self.restMs }
    guard let steady = found else {
      await reporting { try await endAll(on: platform) }
      await awaitOvers()
      return Self.restMs
    }
    await reporting { try await compare(on: platform, in: steady) }
    startAgain(on: platform, in: steady)
    await awaitOvers()
    await reporting {
      let replicas = try await platform.running()
      await reporting { try await probe(replicas, in: steady) }
      try await keepRouting(to: replicas, in: steady)
      try await endStrays(on: platform, in: steady)
    }
    await awaitOvers()
    return pauseMs(steady.limits)
  }

  private func pauseMs(_ limits: HealthLimits) -> Int {
    guard let due = schedule.nextDue else { return limits.intervalMs }
    let waitMs = Int(due.microseconds(since: session.time.now()) / 1_000)
    return min(limits.intervalMs, max(waitMs, 10))
  }

  /// Starts or ends an instance beside the round and beside the others, unless that is under way.
  func beside(_ instance: InstanceName, _ work: @escaping @Sendable () async throws -> Void) {
    guard underWay.insert(instance).inserted else { return }
    Task {
      await reporting(work)
      underWay.remove(instance)
      overs.tell(())
    }
  }

  /// Waits only a moment: what opens a secret may hang, and so may what is to end; probes and the
  /// router do not wait for it.
  private func awaitOvers() async {
    guard !underWay.isEmpty else { return }
    let news = overs.listen()
    try? await race(patience) {
      for await _ in news where await self.underWay.isEmpty { return }
    }
  }

  /// Nobody stands beside an agent to read an error: it is logged, and the next round tries again.
  @discardableResult
  func reporting<Answer>(_ work: () async throws -> Answer) async -> Answer? {
    do {
      return try await work()
    } catch {
      log.error("\(error)")
      return nil
    }
  }

  /// What is to be kept up, by a ledger that is whole. By one that is not, what was before: whoever
  /// can write its file and has no key is obeyed in nothing, and leaves no service down.
  func steady() async throws -> SteadyRelease? {
    try session.ledger.demandInPlace()
    do {
      let found = try SteadyRelease(
        of: environment, in: await session.state(), at: session.time.now())
      if !isLedgerDoubted, let found, found.isSame(as: followed) { return found }
      try await session.proveWhole()
      isLedgerDoubted = false
      return found
    } catch let error as LedgerError where error.exitStatus == .integrity {
      if !isLedgerDoubted {
        log.error("what ran before is kept up, and nothing new obeyed or recorded: \(error)")
      }
      isLedgerDoubted = true
      if let followed { return followed }
      return try SteadyRelease(
        of: environment, in: await session.signedState(), at: session.time.now())
    }
  }

  /// What is to be kept up now. What was known before somebody drove is forgotten first: a driver
  /// looks after its own.
  func attend() async throws -> SteadyRelease? {
    let steady = try await steady()
    if let steady, steady.isSame(as: followed) { return steady }
    (followed, left, comparison) = (nil, nil, ComparisonSchedule())
    schedule.forget()
    if let steady { try await follow(steady) }
    followed = steady
    return steady
  }

  /// Begins with what the ledger knows from the rollout, or from an earlier agent.
  private func follow(_ steady: SteadyRelease) async throws {
    left = try await replicas(of: steady.abandoned ?? steady.running.deployment)
    let session = session
    monitor = HealthMonitor()
    let known =
      await reporting { try await session.state().health.instances(in: steady.place) } ?? [:]
    for (instance, health) in known {
      let heard = try session.ledger.read { try $0.entry(at: health.position).recorded }
      monitor.takeOver(instance, component: health.component, state: health.state, known: heard)
    }
  }
}

// Health.
extension AgentCompanion {
  /// Of all that runs, what is the agent's to look after. Where a deployment has lost its driver,
  /// what that one has started is nobody's yet; after one that was held everything is; else what is
  /// no replica of the release that runs belongs to nobody, whatever build it has.
  func keptUp(_ running: [RunningReplica], in steady: SteadyRelease) -> [RunningReplica] {
    guard steady.running.certainty == .proven else { return running }
    let wanted = wanted(in: steady)
    return running.filter { wanted.contains($0.spec.instance) }
  }

  /// Of which instances the ledger says that the agent is to keep them up.
  func wanted(in steady: SteadyRelease) -> Set<InstanceName> {
    guard let left else { return [] }
    return steady.abandoned == nil ? left.wanted : left.previous
  }

  private func probe(_ running: [RunningReplica], in steady: SteadyRelease) async throws {
    let limits = steady.limits
    let replicas = keptUp(running, in: steady)
    monitor.keep(Set(replicas.map(\.spec.instance)))
    var found = monitor.lapses(at: session.time.now(), by: limits)
    for (replica, result) in await answers(of: replicas, timeoutMs: limits.timeoutMs) {
      let change = monitor.note(
        result, of: replica.spec.instance, component: replica.spec.component,
        at: session.time.now(), by: limits)
      if let change { found.append(.changed(change)) }
    }
    found += monitor.sums(at: session.time.now()).map { .summarized($0) }
    schedule.saw(healthy: monitor.healthy, at: session.time.now())
    // A deployment that has begun meanwhile asks for itself.
    guard try await steady.isSame(as: self.steady()) else { return }
    try await record(found.map { steady.draft($0) })
  }

  /// Asks all of them at once, so that one that hangs delays no other.
  private func answers(
    of replicas: [RunningReplica], timeoutMs: Int
  ) async -> [(RunningReplica, ProbeResult)] {
    let prober = prober
    return await withTaskGroup(of: (RunningReplica, ProbeResult).self) { group in
      for replica in replicas {
        guard let target = replica.probeTarget(timeoutMs: Int64(timeoutMs)) else { continue }
        group.addTask { (replica, await prober.probe(target)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
        .sorted { $0.0.spec.instance < $1.0.spec.instance }
    }
  }
}

extension SteadyRelease {
  func draft(_ event: HealthEvent) -> DraftEvent {
    let stream = StreamName.health(place.application, place.environment)
    return switch event {
    case .checked(let event): DraftEvent(event, in: stream, scope: place.scope)
    case .changed(let event): DraftEvent(event, in: stream, scope: place.scope)
    case .summarized(let event): DraftEvent(event, in: stream, scope: place.scope)
    }
  }

  func draft(_ event: ReplicaEvent) -> DraftEvent {
    let stream = StreamName.replica(place.application, place.environment)
    return switch event {
    case .started(let event): DraftEvent(event, in: stream, scope: place.scope)
    case .exited(let event): DraftEvent(event, in: stream, scope: place.scope)
    }
  }

  func draft(_ event: RouterEvent) -> DraftEvent {
    let stream = StreamName.router(place.application, place.environment)
    return switch event {
    case .started(let event): DraftEvent(event, in: stream, scope: place.scope)
    case .stopped(let event): DraftEvent(event, in: stream, scope: place.scope)
    }
  }
}
