import Events

/// The deployment's lease is another's now, who drives; or, of a sync, its time is over.
package struct LeaseLost: ExitingError, Equatable {
  package let deployment: DeploymentID

  package var exitStatus: ExitStatus { .locked }

  package var description: String {
    """
    What was under way was left where it is: deployment \(deployment) no longer holds the \
    environment's lease.
    See who does with `stele status`; where nobody does, try again.
    """
  }
}
