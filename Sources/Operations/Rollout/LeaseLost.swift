import Events

/// The environment's lease is another's now, who drives; or, of a sync, its time is over.
package struct LeaseLost: ExitingError, Equatable {
  package let environment: EnvironmentName
  /// Whose it was; nil for a sync.
  package let deployment: DeploymentID?

  package init(environment: EnvironmentName, deployment: DeploymentID?) {
    self.environment = environment
    self.deployment = deployment
  }

  package var exitStatus: ExitStatus { .locked }

  package var description: String {
    let holder = deployment.map { "deployment \($0)" } ?? "the sync"
    let next = deployment == nil ? "stele sync" : "stele recover"
    return """
      What was under way was left where it is: \(holder) no longer holds the lease of \
      \(environment).
      See who does with `stele status \(environment)`; where nobody does, go on with \
      `\(next) \(environment)`.
      """
  }
}
