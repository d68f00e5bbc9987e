import Events

/// Where the running parts of one environment keep what they need to find each other again:
/// `.stele/run/ENVIRONMENT`.
///
/// Trusted for nothing but this: whoever can write here already runs what runs here. It can be
/// removed when nothing of the environment runs. Only its owner may enter, so the sockets in it
/// ask nobody for a password.
package struct RunDirectory: Hashable, Sendable {
  package let environment: EnvironmentName
  /// Absolute. It may be longer than a socket address allows; see ``UnixSocket``.
  package let path: String

  /// - Parameter project: The `.stele` directory, absolute.
  package init(of environment: EnvironmentName, in project: String) {
    self.environment = environment
    path = "\(project)/run/\(environment)"
  }

  package var agentSocket: UnixSocket { UnixSocket(directory: path, name: "agent.sock") }
  package var agentLock: String { "\(path)/agent.lock" }
  package var agentLog: String { "\(path)/agent.log" }
  /// What runs, as the agent last knew it.
  package var replicas: String { "\(path)/replicas.json" }
  package var router: String { "\(path)/haproxy" }
  /// What replicas write to standard output and error.
  package var logs: String { "\(path)/logs" }
}
