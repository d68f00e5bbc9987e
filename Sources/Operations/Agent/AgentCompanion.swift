import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts

/// What an agent does beside being the parent of replicas: between rollouts it asks them how they
/// are, starts those again that died, keeps the router up, and records all of it.
///
/// While a deployment holds the lease it does none of this: the deployment's driver does. What is
/// to be done is decided by values, ``RestartSchedule``, ``HealthMonitor`` and ``RouterServers``;
/// this carries it out, a round at a time. What could not be recorded is kept for the next round.
package actor AgentCompanion: AgentObserver {
  let session: Session
  private let environment: EnvironmentName
  private let router: any TrafficRouter
  private let prober: any Prober
  private let clock: any Clock<Duration>
  let log: Logger

  var schedule = RestartSchedule()
  private var monitor = HealthMonitor()
  /// Whether the monitor knows what the ledger knew when the last deployment ended.
  private var isFollowing = false
  /// Ends that are not decided about yet, because the ledger could not be read.
  private var ends: [ReplicaEnd] = []
  /// Entries that are to be recorded yet, oldest first.
  private var unrecorded: [EntryDraft] = []

  /// How often is looked whether there is anything to keep up.
  private static let restMs = 1_000
  private static let unrecordedAtMost = 1_000

  package init(
    _ session: Session, environment: EnvironmentName, router: any TrafficRouter,
    prober: any Prober, clock: any Clock<Duration> = ContinuousClock(), log: Logger
  ) {
    self.session = session
    self.environment = environment
    self.router = router
    self.prober = prober
    self.clock = clock
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
    guard !end.wasAsked else { return }
    ends.append(end)
    await reporting { try await settleEnds() }
  }

  package func accompany(_ platform: any Platform) async throws {
    while true {
      let pauseMs = await round(on: platform)
      try await clock.sleep(for: .milliseconds(pauseMs))
    }
  }

  /// Looks after everything once.
  ///
  /// - Returns: After how many milliseconds to look again.
  func round(on platform: any Platform) async -> Int {
    await reporting { try await settleEnds() }
    guard let found = await reporting({ try await steady() }) else { return Self.restMs }
    guard let steady = found else {
      rest()
      return Self.restMs
    }
    await reporting { try await follow(steady) }
    await reporting { try await startAgain(on: platform, in: steady) }
    await reporting {
      let replicas = try await platform.running()
      await reporting { try await keepRouting(to: replicas, in: steady) }
      try await probe(replicas, in: steady)
    }
    return pauseMs(steady.limits)
  }

  private func pauseMs(_ limits: HealthLimits) -> Int {
    guard let due = schedule.nextDue else { return limits.intervalMs }
    let waitMs = Int(due.microseconds(since: session.time.now()) / 1_000)
    return min(limits.intervalMs, max(waitMs, 10))
  }

  /// Nobody stands beside an agent to read an error: it is logged, and the next round tries again.
  @discardableResult
  private func reporting<Answer>(_ work: () async throws -> Answer) async -> Answer? {
    do {
      return try await work()
    } catch {
      log.error("\(error)")
      return nil
    }
  }

  func steady() async throws -> SteadyRelease? {
    try SteadyRelease(of: environment, in: await session.state())
  }

  /// A deployment looks after its own.
  private func rest() {
    schedule.forget()
    isFollowing = false
  }
}

// Health.
extension AgentCompanion {
  /// Begins with what the ledger knows from the rollout, or from an earlier agent.
  private func follow(_ steady: SteadyRelease) async throws {
    guard !isFollowing else { return }
    let session = session
    let known = try await session.state().health.instances(in: steady.place)
    monitor = HealthMonitor()
    // Of one that ended the ledger may not have heard yet.
    for (instance, health) in known where !schedule.isWaiting(for: instance) {
      let heard = try session.ledger.read { try $0.entry(at: health.position).recorded }
      monitor.takeOver(instance, component: health.component, state: health.state, known: heard)
    }
    isFollowing = true
  }

  private func probe(_ replicas: [RunningReplica], in steady: SteadyRelease) async throws {
    let limits = steady.limits
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

// Traffic.
extension AgentCompanion {
  /// Gives the router what it should have, which changes nothing when it has it. Where a rollout
  /// ended on its way, it keeps what that rollout gave it.
  private func keepRouting(
    to replicas: [RunningReplica], in steady: SteadyRelease
  ) async throws {
    guard try await steady.isSame(as: self.steady()) else { return }
    let frontends = steady.configuration.frontends
    try await router.ensureRunning(frontends)
    guard steady.running.certainty == .proven else { return }
    let serving = replicas.filter { $0.spec.build == steady.running.build }
    try await router.setServers(
      RouterServers(frontends: frontends, serving: serving).byFrontend)
  }
}

// Ends and starts.
extension AgentCompanion {
  /// Decides about the ends there were: while a deployment is under way they are its driver's.
  private func settleEnds() async throws {
    guard !ends.isEmpty else { return }
    let found = try await steady()
    let settled = ends
    ends = []
    guard let steady = found else { return }
    for end in settled {
      schedule.ended(end.replica.spec, at: session.time.now())
      monitor.forget(end.replica.spec.instance)
    }
    try await record(settled.map { steady.draft(.exited(ReplicaExited($0))) })
  }

  /// Records what is new in one entry, after what could not be recorded before.
  ///
  /// - Parameter events: Of one retention class.
  func record(_ events: [DraftEvent]) async throws {
    if !events.isEmpty { unrecorded.append(EntryDraft(events)) }
    let dropped = unrecorded.count - Self.unrecordedAtMost
    if dropped > 0 {
      log.error("\(dropped) observations are not recorded: the ledger takes none for too long")
      unrecorded.removeFirst(dropped)
    }
    let entries = unrecorded
    unrecorded = []
    for (index, entry) in entries.enumerated() {
      do {
        _ = try await session.recordFact(entry, by: session.signer(.service))
      } catch {
        unrecorded = Array(entries[index...]) + unrecorded
        throw error
      }
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
}
