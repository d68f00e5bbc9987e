import Events
import LedgerStore
import Operations

/// What kept a command from driving its deployment to the end, with what is left of it.
struct RolloutLeft: ExitingError {
  let deployment: DeploymentID
  let environment: EnvironmentName
  let cause: any ExitingError

  var exitStatus: ExitStatus { cause.exitStatus }

  var description: String {
    if case .fileReplaced = cause as? LedgerError {
      return """
        \(cause)
        Deployment \(deployment) is in the ledger that was replaced; what runs goes on running. \
        See what is to run now with `stele status \(environment)`, and keep it up with \
        `stele agent \(environment)`.
        """
    }
    return """
      \(cause)
      Nobody drives deployment \(deployment) now; what runs goes on running. Bring it to its end \
      with `stele recover \(environment)`, or turn back with `stele recover \(environment) --abort`.
      """
  }
}
