import Events

/// The deployment's lease is another's now: whoever took it drives.
package struct LeaseLost: ExitingError, Equatable {
  package let deployment: DeploymentID

  package var exitStatus: ExitStatus { .locked }

  package var description: String {
    """
    The rollout was left where it is: deployment \(deployment) no longer holds the environment's \
    lease.
    See who does with `stele status`.
    """
  }
}
