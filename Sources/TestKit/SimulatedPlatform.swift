import Events
import Platforms
import Rollouts

/// A platform without processes: what happens to its replicas is written in a script, and when is
/// a clock's to say. The same script and clock give the same story each time. It also answers
/// probes for them.
package actor SimulatedPlatform: Platform, Prober, ProcessSight {
  private let clock: any Clock<Duration>
  private let broadcast = Broadcast<ReplicaEnd>()
  private var script: [(applies: @Sendable (ReplicaSpec) -> Bool, SimulatedBehaviour)] = []
  private var live: [InstanceName: Simulated] = [:]
  private var ended: [InstanceName: ReplicaExit] = [:]
  /// Ports and process numbers are counted from here.
  private var startsEver = 0
  /// Everything it was asked to start, in order, also what did not start.
  package private(set) var started: [ReplicaSpec] = []
  /// Every instance it was asked to stop, in order.
  package private(set) var stopped: [InstanceName] = []
  private var failingStops = 0
  /// What processes show otherwise than their specification; nil for one that cannot be read.
  private var shown: [InstanceName: [String: String]?] = [:]

  private struct Simulated {
    let replica: RunningReplica
    let behaviour: SimulatedBehaviour
    var isBeingStopped = false
  }

  package init(clock: any Clock<Duration>) {
    self.clock = clock
  }

  /// Replicas of which `applies` holds behave so from now on; the last rule that applies counts.
  package func behave(
    _ behaviour: SimulatedBehaviour, where applies: @escaping @Sendable (ReplicaSpec) -> Bool
  ) {
    script.append((applies, behaviour))
  }

  /// So many stops fail from now on.
  package func failStops(_ count: Int) { failingStops = count }

  /// Ends a replica from outside, as a crash does.
  package func crash(_ instance: InstanceName, _ exit: ReplicaExit = .signal(9)) {
    guard let there = live[instance] else { return }
    end(there.replica, exit)
  }

  package func start(_ spec: ReplicaSpec) throws(PlatformError) -> RunningReplica {
    if let there = live[spec.instance]?.replica {
      guard there.spec == spec else { throw .instanceTaken(spec.instance) }
      return there
    }
    started.append(spec)
    let behaviour = behaviour(of: spec)
    if let error = behaviour.startError(spec) { throw error }
    startsEver += 1
    let replica = RunningReplica(
      spec: spec,
      process: ProcessIdentity(pid: Int32(1_000 + startsEver), startTicks: Int64(startsEver)),
      port: spec.wantsPort ? 20_000 + startsEver : nil)
    live[spec.instance] = Simulated(replica: replica, behaviour: behaviour)
    if let (life, exit) = behaviour.life {
      Task { [clock] in
        try? await clock.sleep(for: life)
        end(replica, exit)
      }
    }
    return replica
  }

  package func stop(
    _ instance: InstanceName, graceMs: Int64
  ) async throws(PlatformError) -> ReplicaExit {
    stopped.append(instance)
    guard let there = live[instance] else { return ended[instance] ?? .unknown }
    guard failingStops == 0 else {
      failingStops -= 1
      throw .notStopped(instance, pid: there.replica.process.pid)
    }
    live[instance]?.isBeingStopped = true
    guard there.behaviour.ignoresTermination else {
      end(there.replica, .signal(15))
      return ended[instance] ?? .unknown
    }
    try? await clock.sleep(for: .milliseconds(graceMs))
    end(there.replica, .signal(9))
    return ended[instance] ?? .unknown
  }

  package func running() -> [RunningReplica] {
    live.values.map(\.replica).sorted { $0.spec.instance < $1.spec.instance }
  }

  package func ends() -> AsyncStream<ReplicaEnd> { broadcast.listen() }

  /// From now on its process seems to have been started with these over its own variables; nil for
  /// one whose variables cannot be read.
  package func show(_ variables: [String: String]?, of instance: InstanceName) {
    shown[instance] = .some(variables)
  }

  package func variables(
    _ names: Set<String>, of replica: RunningReplica
  ) throws(ProcessSightError) -> [String: String] {
    let instance = replica.spec.instance
    guard live[instance]?.replica == replica else { throw .gone }
    guard let others = shown[instance, default: [:]] else {
      throw .unreadable(reason: "Permission denied")
    }
    return replica.spec.variables.merging(others) { $1 }.filter { names.contains($0.key) }
  }

  /// A replica that does not run refuses connections; one that hangs takes all the time there is.
  package func probe(_ target: ProbeTarget) async -> ProbeResult {
    switch target {
    case .process(let process):
      let isThere = live.values.contains { $0.replica.process == process }
      return isThere
        ? ProbeResult(latencyMicroseconds: 10, verdict: .pass, reason: "process runs")
        : ProbeResult(latencyMicroseconds: 10, verdict: .fail, reason: "process is gone")
    case .http(let port, _, let timeoutMs):
      guard let there = live.values.first(where: { $0.replica.port == port }) else {
        return ProbeResult(
          latencyMicroseconds: 50, verdict: .fail, reason: "connection refused")
      }
      if let exit = there.behaviour.endWhenProbed {
        end(there.replica, exit)
        return ProbeResult(latencyMicroseconds: 50, verdict: .fail, reason: "connection reset")
      }
      return await answer(of: there.behaviour, within: timeoutMs)
    }
  }

  private func answer(
    of behaviour: SimulatedBehaviour, within timeoutMs: Int64
  ) async -> ProbeResult {
    let latency = min(behaviour.latency, .milliseconds(timeoutMs))
    if latency > .zero { try? await clock.sleep(for: latency) }
    let microseconds =
      latency.components.seconds * 1_000_000
      + latency.components.attoseconds / 1_000_000_000_000
    guard behaviour.latency <= .milliseconds(timeoutMs) else {
      return ProbeResult(
        latencyMicroseconds: microseconds, verdict: .fail,
        reason: "no answer within \(timeoutMs) ms")
    }
    return ProbeResult(
      latencyMicroseconds: microseconds, status: behaviour.status,
      verdict: (200...299).contains(behaviour.status) ? .pass : .fail,
      reason: "\(behaviour.status)")
  }

  private func behaviour(of spec: ReplicaSpec) -> SimulatedBehaviour {
    script.last { $0.applies(spec) }?.1 ?? SimulatedBehaviour()
  }

  private func end(_ replica: RunningReplica, _ exit: ReplicaExit) {
    let instance = replica.spec.instance
    guard let there = live[instance], there.replica == replica else { return }
    live[instance] = nil
    ended[instance] = exit
    broadcast.tell(
      ReplicaEnd(replica: replica, exit: exit, wasAsked: there.isBeingStopped))
  }
}

/// What a simulated replica does. By default it starts, is well, and ends when asked to.
package struct SimulatedBehaviour: Sendable {
  /// Why it does not start.
  package var startFailure: String?
  /// Whether its program is not there.
  package var isMissing = false
  /// When and how it ends on its own.
  package var life: (Duration, ReplicaExit)?
  /// How it ends when its health path is first asked, however fast the machine is.
  package var endWhenProbed: ReplicaExit?
  package var ignoresTermination = false
  /// What its health path answers with.
  package var status = 200
  /// How long its health path takes. Longer than the probe's timeout is a hang.
  package var latency = Duration.zero

  package init() {}

  /// The default behaviour with something changed.
  package static func with(_ change: (inout SimulatedBehaviour) -> Void) -> SimulatedBehaviour {
    var behaviour = SimulatedBehaviour()
    change(&behaviour)
    return behaviour
  }

  fileprivate func startError(_ spec: ReplicaSpec) -> PlatformError? {
    if isMissing {
      return .notExecutable(path: spec.command.first ?? "", reason: "No such file or directory")
    }
    return startFailure.map { .notStarted(spec.instance, reason: $0) }
  }
}
