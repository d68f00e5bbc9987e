import Environments
import Events
import Platforms
import Rollouts

/// How one release's replicas are made: its configuration and its build, both from the ledger.
///
/// Neither a rollback nor a recovery reads a file that may have changed since.
package struct ReleaseRecipe: Sendable {
  package let configuration: ResolvedConfiguration
  package let build: ContentDigest
  package let artifacts: [ComponentName: ContentDigest]

  package init(
    configuration: ResolvedConfiguration, build: ContentDigest,
    artifacts: [ComponentName: ContentDigest]
  ) {
    self.configuration = configuration
    self.build = build
    self.artifacts = artifacts
  }

  /// The ports that take requests, one a component that takes traffic.
  package var frontends: [Frontend] { configuration.frontends }

  func component(_ name: String) -> ComponentPlan? {
    configuration.application.components.first { $0.name.rawValue == name }
  }
}

/// Turns the slots of one deployment into what a platform starts.
package struct ReplicaOrders: Sendable {
  package let deployment: DeploymentID
  package let environment: EnvironmentName
  package let new: ReleaseRecipe
  /// nil for a first deployment.
  package let previous: ReleaseRecipe?
  /// Of the newest release that an earlier rollout has left running: requests come in by its
  /// ports, and nothing of it is ever started. nil where none was left.
  package let left: ReleaseRecipe?
  package let artifacts: ArtifactStore
  /// Where replicas write their output.
  package let logDirectory: String

  package init(
    deployment: DeploymentID, environment: EnvironmentName, new: ReleaseRecipe,
    previous: ReleaseRecipe?, left: ReleaseRecipe? = nil, artifacts: ArtifactStore,
    logDirectory: String
  ) {
    self.deployment = deployment
    self.environment = environment
    self.new = new
    self.previous = previous
    self.left = left
    self.artifacts = artifacts
    self.logDirectory = logDirectory
  }

  package func recipe(_ generation: Slot.Generation) -> ReleaseRecipe? {
    switch generation {
    case .new: new
    case .previous: previous
    case .left: left
    }
  }

  /// A name that no other replica on the machine ever had: component, release, replica, and the end
  /// of the deployment's id, in which all bits are random.
  package func instance(for slot: Slot, release: Int) -> InstanceName {
    let unique = "\(deployment)".suffix(6)
    return .init(
      stringLiteral: "\(slot.component.prefix(36))-\(release)-\(slot.replica)-\(unique)")
  }

  /// - Throws: ``ReplicaOrderError`` when the release has no such component or artifact;
  ///   `TemplateError` when a reference of its command or variables names nothing.
  package func spec(for slot: Slot, instance: InstanceName, step: Int) throws -> ReplicaSpec {
    guard let recipe = recipe(slot.generation), let component = recipe.component(slot.component),
      let artifact = recipe.artifacts[component.name]
    else { throw ReplicaOrderError.componentMissing(slot.component, generation: slot.generation) }
    let path = artifacts.path(of: artifact)
    let launch = try component.launch(
      ReplicaContext(
        application: recipe.configuration.application.name,
        configuration: recipe.configuration.environment, component: component.name,
        instance: instance, build: recipe.build, artifactPath: path,
        port: component.needsReplicaPort ? ReplicaSpec.portPlaceholder : nil))
    return ReplicaSpec(
      environment: environment, component: component.name,
      instance: instance, build: recipe.build, intent: "\(deployment) step \(step)",
      command: launch.command, workingDirectory: path,
      variables: launch.variables.merging(Self.inherited) { own, _ in own },
      secrets: component.secrets.map { use in
        ReplicaSecret(
          application: recipe.configuration.application.name, origin: use.origin,
          version: use.version, variable: use.variable, isFile: use.form == .file)
      }, wantsPort: component.needsReplicaPort, logDirectory: logDirectory,
      health: component.health == .http
        ? .http(path: recipe.configuration.environment.deployment.healthCheckPath) : .process)
  }

  /// A replica gets nothing of the caller's environment but a path to find programs in.
  private static let inherited = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8",
  ]
}

/// Why a slot could not be turned into something to start.
package enum ReplicaOrderError: ExitingError, Equatable {
  case componentMissing(String, generation: Slot.Generation)

  package var exitStatus: ExitStatus { .badData }

  package var description: String {
    switch self {
    case .componentMissing(let component, let generation):
      """
      No replica of \(component) was started: the \(generation.rawValue) release has no such \
      component or no artifact for it.
      Compare the build with the application by `stele builds` and `stele config show`.
      """
    }
  }
}
