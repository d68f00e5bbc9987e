import Environments
import Events
import Operations
import Platforms
import Rollouts
import SecretStore
import Synchronization

/// One simulated environment, and answers to probes that a test can hold back.
package final class SimulatedRuntimes: RuntimeProvider {
  package let platform = SimulatedPlatform(clock: ContinuousClock())
  package let router = SimulatedRouter()
  package let gate: ProbeGate
  private let findings = Mutex<[String]>([])

  package init() { gate = ProbeGate(platform) }

  package func lack(_ sentences: String...) { findings.withLock { $0 = sentences } }

  package var sources: SecretSources { SecretSources(variables: [:]) }

  package func preflight(
    _ configuration: ResolvedConfiguration, for cause: ReleaseCause
  ) async -> [String] {
    findings.withLock { $0 }
  }

  package func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    EnvironmentRuntime(platform: platform, router: router, prober: gate)
  }
}

/// Lets probes through to the platform, or answers 503 for it while it is shut.
package final class ProbeGate: Prober {
  private let platform: SimulatedPlatform
  private let isShut = Mutex(false)

  package init(_ platform: SimulatedPlatform) { self.platform = platform }

  package func shut() { isShut.withLock { $0 = true } }
  package func open() { isShut.withLock { $0 = false } }

  package func probe(_ target: ProbeTarget) async -> ProbeResult {
    guard isShut.withLock({ $0 }) else { return await platform.probe(target) }
    return ProbeResult(latencyMicroseconds: 1, status: 503, verdict: .fail, reason: "503")
  }
}
