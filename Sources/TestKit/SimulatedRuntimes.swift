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

  /// What is there of the agent: nil for the platform itself.
  private let silence = Mutex<PlatformError?>(nil)

  /// From now on who only looks is answered by nobody.
  package func silence(_ error: PlatformError?) { silence.withLock { $0 = error } }

  private let hush = Mutex<RouterError?>(nil)

  /// From now on there is a router for who only looks, which says nothing; nil for the simulated.
  package func hush(_ error: RouterError?) { hush.withLock { $0 = error } }

  package func sight(of environment: EnvironmentName) -> EnvironmentSight {
    let hushed = hush.withLock { $0 }.map(SilentRouter.init)
    return EnvironmentSight(
      platform: silence.withLock { $0 }.map(SilentPlatform.init) ?? platform,
      router: hushed ?? router,
      hasRouter: { [router] in
        if hushed != nil { return true }
        return await router.isRunning
      }, processes: platform)
  }
}

/// A platform whose agent is not there.
private struct SilentPlatform: Platform {
  let error: PlatformError

  func start(_ spec: ReplicaSpec) throws(PlatformError) -> RunningReplica { throw error }
  func stop(_ instance: InstanceName, graceMs: Int64) throws(PlatformError) -> ReplicaExit {
    throw error
  }
  func running() throws(PlatformError) -> [RunningReplica] { throw error }
  func ends() async -> AsyncStream<ReplicaEnd> { AsyncStream { $0.finish() } }
}

/// A router that is there and does not answer.
private struct SilentRouter: TrafficRouter {
  let error: RouterError

  func ensureRunning(_ frontends: [Frontend]) throws(RouterError) { throw error }
  func setServers(_ servers: [ComponentName: [RouterServer]]) throws(RouterError) { throw error }
  func drain(
    _ instance: InstanceName, of frontend: ComponentName, timeoutMs: Int64
  ) throws(RouterError) -> DrainResult { throw error }
  func state() throws(RouterError) -> RouterState { throw error }
  func stop() throws(RouterError) { throw error }
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
