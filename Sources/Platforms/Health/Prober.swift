import Rollouts

/// What asks replicas how they are. It always brings an answer: that there was none is one too,
/// and never a pass.
package protocol Prober: Sendable {
  func probe(_ target: ProbeTarget) async -> ProbeResult
}

/// What is asked how it is.
package enum ProbeTarget: Hashable, Sendable {
  /// `GET path` on a new connection to 127.0.0.1. Any status 200...299 whose answer is complete in
  /// time is a pass; a redirect is not followed and no pass.
  case http(port: Int, path: String, timeoutMs: Int64)
  /// Whether this process, and no other of its number, is there and no zombie.
  case process(ProcessIdentity)
}

extension RunningReplica {
  /// What to ask about this replica, by its own specification; nil when its health is asked over
  /// HTTP and it has no port.
  package func probeTarget(timeoutMs: Int64) -> ProbeTarget? {
    switch spec.health {
    case .process: .process(process)
    case .http(let path):
      port.map { .http(port: $0, path: path, timeoutMs: timeoutMs) }
    }
  }
}
