import Events
import Platforms
import Rollouts

/// Carries out a rollout's steps on real processes and a real router, and remembers what runs.
///
/// It records nothing: the driver appends the intent before it asks and the outcome after. Each
/// attempt begins with a look at the lease: whoever slept past it, between an intent and its
/// effect, changes nothing that is another driver's by now.
actor RolloutEffects {
  private let platform: any Platform
  private let router: any TrafficRouter
  private let orders: ReplicaOrders
  private let limits: DeploymentLimits
  private let journal: DeploymentJournal
  /// Replicas by slot, the standing ones of the previous release included.
  private var replicas: [Slot: RunningReplica]
  /// Slots that the router knows, and whether requests are sent there.
  private var servers: [Slot: Bool]
  /// What the router takes requests for: the components of the releases that get them.
  private var frontends: [Frontend]

  /// Between two attempts.
  private static let retryPause = Duration.milliseconds(250)

  init(
    platform: any Platform, router: any TrafficRouter, orders: ReplicaOrders,
    limits: DeploymentLimits, journal: DeploymentJournal, replicas: [Slot: RunningReplica],
    serving: Set<Slot>
  ) {
    self.platform = platform
    self.router = router
    self.orders = orders
    self.limits = limits
    self.journal = journal
    self.replicas = replicas
    servers = Dictionary(uniqueKeysWithValues: serving.map { ($0, true) })
    frontends = orders.frontends(of: serving)
  }

  func replica(in slot: Slot) -> RunningReplica? { replicas[slot] }

  /// - Returns: How it went; a failure is a result, for the state machine to judge.
  func perform(_ step: DeploymentStepStarted) async -> StepResult {
    let clock = ContinuousClock()
    let began = clock.now
    var result: (outcome: StepOutcome, reason: String?, replica: RunningReplica?)
    do {
      try await journal.demandLease()
      let (note, replica) = try await carryOut(step)
      result = (.done, note, replica)
    } catch {
      result = (.failed, "\(error)", nil)
    }
    let duration = clock.now - began
    return StepResult(
      outcome: result.outcome, durationMs: duration.wholeMilliseconds,
      reason: result.reason.map { MachineWords($0) }, replica: result.replica)
  }

  /// - Returns: What is worth noting though it went well, and what was started.
  private func carryOut(
    _ step: DeploymentStepStarted
  ) async throws -> (note: String?, replica: RunningReplica?) {
    let slots = step.slots.map(Slot.init)
    switch step.action {
    case .shiftTraffic:
      try await shift(to: slots)
      return (nil, nil)
    case .startReplica:
      guard let slot = slots.first, let instance = step.instance else { return (nil, nil) }
      let spec = try orders.spec(for: slot, instance: instance, step: step.step)
      let replica: RunningReplica
      do { replica = try await platform.start(spec) } catch {
        // An agent that has not answered may be about to start it, and nobody would know of it.
        if case .agentNotReached = error { await callOff(instance) }
        throw error
      }
      replicas[slot] = replica
      return (nil, replica)
    case .drainReplica:
      guard let slot = slots.first else { return (nil, nil) }
      return (try await drain(slot), nil)
    case .stopReplica:
      guard let slot = slots.first else { return (nil, nil) }
      let note = try await untilDone { try await stop(slot, instance: step.instance) }
      return (note, nil)
    }
  }

  /// Sees to it that a start whose outcome nobody will learn does not happen any more, as far as
  /// its agent can be asked at all.
  func callOff(_ instance: InstanceName) async {
    let (platform, graceMs) = (platform, Int64(limits.stopGraceMs))
    _ = try? await race(Self.callOffLimit) {
      try await platform.stop(instance, graceMs: graceMs)
    }
  }

  private static let callOffLimit = Duration.seconds(5)

  /// Tries again what failed, until the time of a rollout's way is over.
  private func untilDone<Answer>(_ work: () async throws -> Answer) async throws -> Answer {
    let clock = ContinuousClock()
    let giveUp = clock.now + .milliseconds(limits.progressDeadlineMs)
    while true {
      do {
        return try await work()
      } catch {
        guard clock.now + Self.retryPause < giveUp, !Task.isCancelled else { throw error }
        try? await clock.sleep(for: Self.retryPause)
        try await journal.demandLease()
      }
    }
  }

  /// - Throws: ``RolloutEffectError/notThere(_:)`` when nothing runs in a slot: requests are sent
  /// to what is there, or not at all.
  private func shift(to slots: [Slot]) async throws {
    let absent = slots.filter { replicas[$0] == nil }.sorted()
    guard absent.isEmpty else { throw RolloutEffectError.notThere(absent) }
    for slot in servers.keys { servers[slot] = false }
    for slot in slots { servers[slot] = true }
    frontends = orders.frontends(of: Set(slots))
    try await applyServers()
  }

  /// Tells the router, which may have gone meanwhile, about every slot it should know, by
  /// component.
  private func applyServers() async throws {
    func replicas(_ isServing: Bool) -> [RunningReplica] {
      servers.filter { $0.value == isServing }.keys.sorted().compactMap { self.replicas[$0] }
    }
    try await router.ensureRunning(frontends)
    try await router.setServers(
      RouterServers(frontends: frontends, serving: replicas(true), draining: replicas(false))
        .byFrontend)
  }

  private func drain(_ slot: Slot) async throws -> String? {
    guard servers[slot] != nil, let replica = replicas[slot] else { return nil }
    let drained = try await router.drain(
      replica.spec.instance, of: replica.spec.component, timeoutMs: Int64(limits.drainMs))
    switch drained {
    case .empty: return nil
    case .stillOpen(let count): return "\(count) requests still open after \(limits.drainMs) ms"
    }
  }

  private func stop(_ slot: Slot, instance: InstanceName?) async throws -> String? {
    if let isServing = servers.removeValue(forKey: slot) {
      do {
        try await applyServers()
      } catch {
        servers[slot] = isServing  // The next attempt begins here again.
        throw error
      }
    }
    guard let instance = replicas[slot]?.spec.instance ?? instance else { return nil }
    let exit = try await platform.stop(instance, graceMs: Int64(limits.stopGraceMs))
    replicas[slot] = nil
    return "ended with \(exit)"
  }
}

/// Why a step was not carried out, though nothing that it uses failed.
enum RolloutEffectError: Error, Equatable, CustomStringConvertible {
  case notThere([Slot])

  var description: String {
    switch self {
    case .notThere(let slots):
      "nothing runs in \(slots.map(\.description).joined(separator: ", "))"
    }
  }
}

extension ReplicaOrders {
  /// The frontends for requests to these slots. While several releases get requests, the ports are
  /// the earlier one's. What was left by a release that nobody knows has those of the others.
  func frontends(of slots: Set<Slot>) -> [Frontend] {
    let generations = Set(slots.map(\.generation))
    return Slot.Generation.allCases.filter(generations.contains)
      .compactMap { (recipe($0) ?? recipe(.previous) ?? recipe(.new))?.frontends }
      .reduce(into: []) { all, more in
        all += more.filter { frontend in !all.contains { $0.name == frontend.name } }
      }
  }
}

extension Duration {
  /// Rounded down; at least 0.
  package var wholeMilliseconds: Int {
    max(0, Int(components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000))
  }
}
