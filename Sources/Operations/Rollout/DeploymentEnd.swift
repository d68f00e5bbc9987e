import Events
import Rollouts

/// How a deployment ended, whichever event said so.
package enum DeploymentEnd: Equatable, Sendable {
  case succeeded
  case rolledBack(restored: Int, reason: String)
  case rollbackFailed(reason: String)
  case failed(DeploymentFailure, reason: String)

  /// nil for an event that ends nothing.
  package init?(_ event: DeploymentEvent) {
    switch event {
    case .succeeded: self = .succeeded
    case .rolledBack(let end): self = .rolledBack(restored: end.restored, reason: end.reason.text)
    case .rollbackFailed(let end): self = .rollbackFailed(reason: end.reason.text)
    case .failed(let end): self = .failed(end.outcome, reason: end.reason.text)
    case .started, .stepStarted, .stepFinished, .replicaExited, .judged, .abortRequested,
      .rollbackStarted:
      return nil
    }
  }

  /// A first deployment of which nothing is left running.
  var hasStoppedAll: Bool {
    switch self {
    case .failed(.stopped, _), .failed(.aborted, _): true
    case .failed(.held, _), .succeeded, .rolledBack, .rollbackFailed: false
    }
  }

  /// What ran before runs again, or nothing where nothing did.
  package var hasTurnedBack: Bool {
    if case .rolledBack = self { true } else { hasStoppedAll }
  }

  /// What `stele deploy` exits with.
  package var exitStatus: ExitStatus {
    switch self {
    case .succeeded: .success
    case .rolledBack: .rolledBack
    case .rollbackFailed: .rollbackFailed
    case .failed: .negative
    }
  }

  /// One word for tables.
  package var word: String {
    switch self {
    case .succeeded: "succeeded"
    case .rolledBack: "rolledBack"
    case .rollbackFailed: "rollbackFailed"
    case .failed(let failure, _): failure.rawValue
    }
  }
}
