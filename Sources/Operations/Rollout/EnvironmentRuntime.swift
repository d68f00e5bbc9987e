import Environments
import Events
import Platforms
import SecretStore

/// What one environment's replicas run on, what sends them requests, and what asks how they are.
package struct EnvironmentRuntime: Sendable {
  package let platform: any Platform
  package let router: any TrafficRouter
  package let prober: any Prober

  package init(platform: any Platform, router: any TrafficRouter, prober: any Prober) {
    self.platform = platform
    self.router = router
    self.prober = prober
  }
}

/// The same, to be looked at and not changed.
package struct EnvironmentSight: Sendable {
  package let platform: any Platform
  package let router: any TrafficRouter
  /// Whether a router listens, as one that never answers does too.
  package let hasRouter: @Sendable () async -> Bool
  package let processes: any ProcessSight

  package init(
    platform: any Platform, router: any TrafficRouter,
    hasRouter: @escaping @Sendable () async -> Bool, processes: any ProcessSight
  ) {
    self.platform = platform
    self.router = router
    self.hasRouter = hasRouter
    self.processes = processes
  }
}

/// Brings an environment's runtime up, or finds it running.
package protocol RuntimeProvider: Sendable {
  /// Where secrets are asked for that somebody else keeps.
  var sources: SecretSources { get }

  /// What this machine lacks for the release, one sentence each; empty when nothing.
  func preflight(_ configuration: ResolvedConfiguration, for cause: ReleaseCause) async -> [String]

  func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime

  /// What is there, if anything is: no agent and no router is started for it.
  func sight(of environment: EnvironmentName) -> EnvironmentSight
}
