import Environments
import Events

/// How a release is brought out, as its configuration says it.
struct RolloutTerms: Hashable, Sendable {
  let limits: DeploymentLimits
  let rollback: DeploymentRollback
  let strategy: RolloutStrategy

  init(_ configuration: ResolvedConfiguration) {
    let deployment = configuration.environment.deployment
    limits = DeploymentLimits(deployment, configuration.application.rollout)
    rollback = DeploymentRollback(
      automatic: deployment.rollback.isAutomatic, enabled: deployment.rollback.isEnabled)
    strategy = deployment.strategy == .rolling ? .rolling : .blueGreen
  }

  /// As a deployment began with them.
  init(_ deployment: DeploymentStarted) {
    limits = deployment.limits
    rollback = deployment.rollback
    strategy = deployment.strategy
  }
}

extension DeploymentLimits {
  fileprivate init(_ deployment: DeploymentSettings, _ rollout: RolloutSettings) {
    self.init(
      bakeMs: rollout.bakeMs, drainMs: rollout.drainMs,
      healthyThreshold: rollout.healthyThreshold,
      probeIntervalMs: deployment.healthCheckIntervalMs,
      probeTimeoutMs: deployment.healthCheckTimeoutMs,
      progressDeadlineMs: deployment.rollback.timeoutMs,
      startupDeadlineMs: rollout.startupDeadlineMs, stopGraceMs: rollout.stopGraceMs,
      surge: rollout.maxSurge, unhealthyThreshold: rollout.unhealthyThreshold)
  }
}
