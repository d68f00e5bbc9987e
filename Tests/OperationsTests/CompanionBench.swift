import Events
import LedgerStore
import Logging
import Platforms
import Rollouts
import TestKit

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

/// A platform that takes its time to start or to stop something, in which other things happen.
struct InterruptedPlatform: Platform {
  private let platform: SimulatedPlatform
  private let meanwhile: @Sendable () async -> Void
  private let beforeStop: @Sendable () async -> Void

  init(
    _ platform: SimulatedPlatform, meanwhile: @escaping @Sendable () async -> Void = {},
    beforeStop: @escaping @Sendable () async -> Void = {}
  ) {
    self.platform = platform
    self.meanwhile = meanwhile
    self.beforeStop = beforeStop
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

  func running() async throws(PlatformError) -> [RunningReplica] { await platform.running() }
  func ends() async -> AsyncStream<ReplicaEnd> { await platform.ends() }
}
