import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import LedgerStore
import Platforms
import Projections
import Rollouts
import Synchronization
import TestKit
import Testing

@testable import Operations

/// One simulated environment, and answers to probes that a test can hold back.
final class SimulatedRuntimes: RuntimeProvider {
  let platform = SimulatedPlatform(clock: ContinuousClock())
  let router = SimulatedRouter()
  let gate: ProbeGate
  private let findings = Mutex<[String]>([])

  init() { gate = ProbeGate(platform) }

  func lack(_ sentences: String...) { findings.withLock { $0 = sentences } }

  func preflight(_ configuration: ResolvedConfiguration) async -> [String] {
    findings.withLock { $0 }
  }

  func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    EnvironmentRuntime(platform: platform, router: router, prober: gate)
  }
}

/// Lets probes through to the platform, or answers 503 for it while it is shut.
final class ProbeGate: Prober {
  private let platform: SimulatedPlatform
  private let isShut = Mutex(false)

  init(_ platform: SimulatedPlatform) { self.platform = platform }

  func shut() { isShut.withLock { $0 = true } }
  func open() { isShut.withLock { $0 = false } }

  func probe(_ target: ProbeTarget) async -> ProbeResult {
    guard isShut.withLock({ $0 }) else { return await platform.probe(target) }
    return ProbeResult(latencyMicroseconds: 1, status: 503, verdict: .fail, reason: "503")
  }
}

/// The machine's clock, put forward by a test.
final class ShiftedTime: TimeSource {
  private let shift = Mutex(0)

  func now() -> Timestamp { SystemTime().now().adding(milliseconds: shift.withLock { $0 }) }
  func advance(milliseconds: Int) { shift.withLock { $0 += milliseconds } }
}
