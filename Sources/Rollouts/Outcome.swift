/// How a rollout ended.
package enum Outcome: Hashable, Sendable {
  /// The new release serves and nothing of the previous one runs.
  case succeeded
  /// The previous release serves again and nothing of the new one runs.
  case rolledBack(reason: String)
  /// Both may run, as they did when it happened; a person decides.
  case held(reason: String)
  /// A first deployment failed; what it started was stopped.
  case stopped(reason: String)
  /// Neither release is known to serve as it should: wake someone.
  case rollbackFailed(reason: String)
}

extension Outcome: CustomStringConvertible {
  package var description: String {
    switch self {
    case .succeeded: "succeeded"
    case .rolledBack(let reason): "rolled back: \(reason)"
    case .held(let reason): "held: \(reason)"
    case .stopped(let reason): "stopped: \(reason)"
    case .rollbackFailed(let reason): "the rollback failed: \(reason)"
    }
  }
}
