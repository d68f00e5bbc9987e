import Events
import Operations

/// What kept a command from driving its deployment to the end, with what is left of it.
struct RolloutLeft: ExitingError {
  let deployment: DeploymentID
  let environment: EnvironmentName
  let cause: any ExitingError

  var exitStatus: ExitStatus { cause.exitStatus }

  var description: String {
    """
    \(cause)
    Nobody drives deployment \(deployment) now; what runs goes on running. Bring it to its end \
    with `stele recover \(environment)`, or turn back with `stele recover \(environment) --abort`.
    """
  }
}
