/// How a replica's process ended.
package enum ReplicaExit: Hashable, Sendable {
  /// It returned this status, 0...255.
  case status(Int)
  /// This signal ended it.
  case signal(Int)
  /// It is gone and nobody was there to be told how.
  case unknown
}

extension ReplicaExit: CustomStringConvertible {
  package var description: String {
    switch self {
    case .status(let status): "exit status \(status)"
    case .signal(let signal): "signal \(signal)"
    case .unknown: "an end nobody saw"
    }
  }
}
