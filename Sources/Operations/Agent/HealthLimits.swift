import Environments
import Events

/// By which numbers an environment's replicas are asked how they are, as its configuration says.
struct HealthLimits: Equatable {
  let intervalMs: Int
  let timeoutMs: Int
  /// Passes in a row that make a replica healthy.
  let healthyThreshold: Int
  /// Failures in a row that make it unhealthy.
  let unhealthyThreshold: Int

  /// After so long without a probe nothing is known: a replica that fails would have been noticed.
  var silenceMs: Int { unhealthyThreshold * (intervalMs + timeoutMs) }

  /// What the ledger heard longer ago says nothing about now: an agent records a sum of every
  /// instance it asks each ``HealthMonitor/windowMs``, and has been silent for long besides.
  var staleMs: Int { HealthMonitor.windowMs + silenceMs }
}

extension HealthLimits {
  init(_ limits: DeploymentLimits) {
    self.init(
      intervalMs: limits.probeIntervalMs, timeoutMs: limits.probeTimeoutMs,
      healthyThreshold: limits.healthyThreshold, unhealthyThreshold: limits.unhealthyThreshold)
  }

  init(_ configuration: ResolvedConfiguration) {
    let deployment = configuration.environment.deployment
    let rollout = configuration.application.rollout
    self.init(
      intervalMs: deployment.healthCheckIntervalMs, timeoutMs: deployment.healthCheckTimeoutMs,
      healthyThreshold: rollout.healthyThreshold, unhealthyThreshold: rollout.unhealthyThreshold)
  }
}
