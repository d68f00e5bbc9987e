import Events

/// One deployable part of the application, as `application.yaml` describes it for all environments.
package struct ComponentDescription: Hashable, Sendable {
  package let name: ComponentName
  /// Where a build finds the component's bytes, relative to the project: a directory or a file.
  /// Nil where the path is always given to `stele build`.
  package let artifact: String?
  /// The program and its arguments; at least the program.
  package let command: [Template]
  /// Variables the process gets, ascending by name.
  package let variables: [Variable]
  /// Secrets the process gets, ascending by variable.
  package let secrets: [SecretUse]
  package let health: HealthCheck
  /// What the proxy binds; only for a component that takes traffic.
  package let port: TrafficPort?
  package let replicas: ReplicaSource

  package var takesTraffic: Bool { port != nil }

  package struct Variable: Hashable, Sendable {
    package let name: String
    package let value: Template
  }

  /// How a replica's health is asked.
  package enum HealthCheck: String, Hashable, Sendable, CaseIterable {
    /// The environment's `healthCheckPath` on the replica's own port.
    case http
    /// Whether the process lives.
    case process
  }

  /// Which leaf of the environment says how many replicas there are; its section also says what
  /// each of them gets.
  package enum ReplicaSource: String, Hashable, Sendable, CaseIterable {
    case orchestrator = "resources.orchestrator.replicas"
    case workersMinimum = "resources.workers.minReplicas"
    case workersMaximum = "resources.workers.maxReplicas"
  }

  /// 1...65,535 each.
  package enum TrafficPort: Hashable, Sendable {
    case everywhere(Int)
    case each([KnownEnvironment: Int])

    package func port(in environment: KnownEnvironment) -> Int? {
      switch self {
      case .everywhere(let port): port
      case .each(let ports): ports[environment]
      }
    }
  }
}
