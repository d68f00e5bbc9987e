import Events

/// What one replica is to be: everything a platform needs to start it, and everything needed to
/// know later what it was started for.
package struct ReplicaSpec: Hashable, Sendable {
  package let environment: EnvironmentName
  package let component: ComponentName
  /// Never used for another replica, in any environment on the machine. It is also the replica's
  /// name in the router and the name of its log file.
  package let instance: InstanceName
  package let build: ContentDigest
  /// What asked for it, for people: such as a deployment's identifier and its step.
  package let intent: String
  /// The program and its arguments, at least the program. `${PORT}` in an argument stands for the
  /// replica's port. A program without a `/` is looked for in the `PATH` of ``variables``.
  package let command: [String]
  /// Absolute; of a single file, the directory that it lies in is meant.
  package let workingDirectory: String
  /// The whole environment of the process but `PORT` and `STELE_REPLICA`, which the platform adds.
  /// `${PORT}` in a value stands for the replica's port.
  package let variables: [String: String]
  /// What it gets besides, opened when it starts; their values are nowhere here.
  package let secrets: [ReplicaSecret]
  /// Whether it gets a port of its own on 127.0.0.1, told as `PORT`.
  package let wantsPort: Bool
  /// Absolute. Standard output and error are appended to `INSTANCE.log` in it.
  package let logDirectory: String
  package let health: ReplicaHealthCheck

  package init(
    environment: EnvironmentName, component: ComponentName, instance: InstanceName,
    build: ContentDigest, intent: String, command: [String], workingDirectory: String,
    variables: [String: String] = [:], secrets: [ReplicaSecret] = [], wantsPort: Bool,
    logDirectory: String,
    health: ReplicaHealthCheck
  ) {
    self.environment = environment
    self.component = component
    self.instance = instance
    self.build = build
    self.intent = intent
    self.command = command
    self.workingDirectory = workingDirectory
    self.variables = variables
    self.secrets = secrets
    self.wantsPort = wantsPort
    self.logDirectory = logDirectory
    self.health = health
  }
}

/// How a replica's health is asked, for whoever asks.
package enum ReplicaHealthCheck: Hashable, Sendable {
  /// `GET` of this path on the replica's port; a path with its leading `/`.
  case http(path: String)
  /// Whether the process is there.
  case process
}

extension ReplicaSpec {
  /// What stands for the replica's port in ``command`` and ``variables``.
  package static let portPlaceholder = "${PORT}"
  /// The variable by which a replica is found again when nobody wrote down its process id.
  package static let markerVariable = "STELE_REPLICA"
  /// The variable that tells a replica its port.
  package static let portVariable = "PORT"

  package var logPath: String { "\(logDirectory)/\(instance).log" }
}
