import Environments
import Events
import Projections
import Rollouts

extension Workspace {
  /// Measures again what replicas are to be started from.
  ///
  /// - Throws: ``DeploymentError/artifactGone(_:_:path:)``; `ArtifactError` where one is not what
  ///   its name says.
  func check(
    _ artifacts: [ComponentName: ContentDigest], for environment: EnvironmentName
  ) throws {
    try demand(artifacts, for: environment)
    let store = ArtifactStore(root: self.artifacts)
    for artifact in Set(artifacts.values) { try store.verify(artifact) }
  }

  /// Looks whether they are there, without reading them.
  ///
  /// - Throws: ``DeploymentError/artifactGone(_:_:path:)``.
  func demand(
    _ artifacts: [ComponentName: ContentDigest], for environment: EnvironmentName
  ) throws {
    let store = ArtifactStore(root: self.artifacts)
    for (component, artifact) in artifacts.sorted(by: { $0.key.rawValue < $1.key.rawValue })
    where try !store.contains(artifact) {
      throw DeploymentError.artifactGone(environment, component, path: store.path(of: artifact))
    }
  }
}

extension Builds.Build {
  var artifacts: [ComponentName: ContentDigest] {
    Dictionary(components.map { ($0.name, $0.artifact) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ProjectedRuntime {
  /// What the replicas that a plan starts are made of.
  func artifacts(of plan: SyncPlan) -> [ComponentName: ContentDigest] {
    var artifacts: [ComponentName: ContentDigest] = [:]
    for case .start(let instance) in plan.steps {
      guard let slot = plan.slots[instance], let name = ComponentName(rawValue: slot.component)
      else { continue }
      artifacts[name] = orders.recipe(slot.generation)?.artifacts[name]
    }
    return artifacts
  }
}
