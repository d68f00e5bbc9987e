/// Everything that can happen to a deployment, from its plan to its end.
package enum DeploymentEvent: Hashable, Sendable {
  case started(DeploymentStarted)
  case stepStarted(DeploymentStepStarted)
  case stepFinished(DeploymentStepFinished)
  case replicaExited(DeploymentReplicaExited)
  case judged(DeploymentJudged)
  case abortRequested(DeploymentAbortRequested)
  case rollbackStarted(DeploymentRollbackStarted)
  case succeeded(DeploymentSucceeded)
  case rolledBack(DeploymentRolledBack)
  case rollbackFailed(DeploymentRollbackFailed)
  case failed(DeploymentFailed)
}
