import Events
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

extension Shop {
  func companion(
    prober: (any Prober)? = nil, clock: any Clock<Duration> = ManualClock(),
    patience: Duration = .seconds(60)
  ) async -> AgentCompanion {
    AgentCompanion(
      session, environment: "staging", router: runtimes.router, prober: prober ?? runtimes.gate,
      clock: clock, patience: patience, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    )
  }

  /// Somebody holds the environment without deploying anything, as a sync does.
  func hold(_ process: ReplicaProcess, in other: Session? = nil) async throws {
    let state = try await session.state()
    let running = try #require(state.running.running(in: Self.staging))
    try await recordLease(
      LeaseTaken(
        deployment: running.deployment, owner: person.actor, process: process,
        until: time.now().adding(milliseconds: 30_000)), in: other ?? session)
  }

  func letGo() async throws { try await recordLease(LeaseReleased(), in: session) }

  private func recordLease(_ payload: some EventPayload, in session: Session) async throws {
    _ = try await session.recordFact(
      EntryDraft([
        DraftEvent(payload, in: .lease("shop", "staging"), scope: Self.staging.scope)
      ]), by: person)
  }

  /// What the environment's agent recorded about replicas and their health, in order, in words.
  func observations() async throws -> [String] {
    let size = try session.ledger.head().size
    return try session.ledger.read { reader in
      var words: [String] = []
      try reader.forEachRecorded(in: 0..<size) { recorded in
        switch recorded.event {
        case .replica(.exited(let event)): words.append("\(event.component) exited")
        case .replica(.started(let event)): words.append("\(event.component) started")
        case .router(.stopped): words.append("router stopped")
        case .router(.started): words.append("router started")
        case .health(.changed(let event)):
          words.append("\(event.component) \(event.from.rawValue) → \(event.to.rawValue)")
        case .health(.summarized(let event)):
          words.append(
            "\(event.component) \(event.passes) passes, \(event.failures) failures")
        default: break
        }
      }
      return words
    }
  }
}

/// Looks until something holds. It gives up after thousands of looks; nothing is concluded from how
/// long it took.
func eventually(_ holds: () async throws -> Bool) async rethrows -> Bool {
  for _ in 0..<6_000 {
    if try await holds() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return false
}

/// Passes everyone, and remembers how it asked.
actor RecordingProber: Prober {
  private(set) var asked: [ProbeTarget] = []

  func probe(_ target: ProbeTarget) -> ProbeResult {
    asked.append(target)
    return ProbeResult(latencyMicroseconds: 1, verdict: .pass, reason: "it was asked")
  }
}

/// A platform that takes its time to start, to stop or to see something, in which other things
/// happen.
struct InterruptedPlatform: Platform {
  private let platform: SimulatedPlatform
  private let meanwhile: @Sendable () async -> Void
  private let beforeStop: @Sendable () async -> Void
  private let afterLook: @Sendable () async -> Void

  init(
    _ platform: SimulatedPlatform, meanwhile: @escaping @Sendable () async -> Void = {},
    beforeStop: @escaping @Sendable () async -> Void = {},
    afterLook: @escaping @Sendable () async -> Void = {}
  ) {
    self.platform = platform
    self.meanwhile = meanwhile
    self.beforeStop = beforeStop
    self.afterLook = afterLook
  }

  func start(_ spec: ReplicaSpec) async throws(PlatformError) -> RunningReplica {
    await meanwhile()
    return try await platform.start(spec)
  }

  func stop(
    _ instance: InstanceName, graceMs: Int64
  ) async throws(PlatformError) -> ReplicaExit {
    await beforeStop()
    return try await platform.stop(instance, graceMs: graceMs)
  }

  func running() async throws(PlatformError) -> [RunningReplica] {
    let running = await platform.running()
    await afterLook()
    return running
  }

  func ends() async -> AsyncStream<ReplicaEnd> { await platform.ends() }
}

extension ReplicaSpec {
  /// The same under another name.
  func renamed(_ name: InstanceName) -> ReplicaSpec {
    ReplicaSpec(
      environment: environment, component: component, instance: name, build: build,
      intent: intent, command: command, workingDirectory: workingDirectory,
      variables: variables, secrets: secrets, wantsPort: wantsPort, logDirectory: logDirectory,
      health: health)
  }
}
