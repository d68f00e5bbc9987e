import CanonicalJSON

/// How a release replaces the one before it.
package enum RolloutStrategy: String, WordValue {
  case blueGreen = "blue-green"
  case rolling
  case canary
}

/// One component of a deployment and how many copies of it shall run.
package struct DeploymentComponent: ObjectValue {
  package let artifact: ContentDigest
  package let name: ComponentName
  package let replicas: Int

  package init(artifact: ContentDigest, name: ComponentName, replicas: Int) {
    self.artifact = artifact
    self.name = name
    self.replicas = replicas
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    artifact = try fields.take("artifact")
    name = try fields.take("name")
    replicas = try fields.take("replicas", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("artifact", artifact)
    fields.put("name", name)
    fields.put("replicas", replicas)
  }
}

/// Somebody began to bring a build into an environment: the whole plan, before anything changed.
///
/// Always recorded with one ``ReleaseStarted``. Everything that `recover` and `replay` need is here,
/// so neither reads a file that may have changed since.
package struct DeploymentStarted: EventPayload {
  package static let kind: EventKind = "deployment.started.v1"

  package let build: ContentDigest
  /// `deployment` or `rollback`.
  package let cause: ReleaseCause
  package let change: Change
  package let components: [DeploymentComponent]
  /// The version of the configuration that the replicas get.
  package let configurationVersion: Int
  /// What the rollout is held to, by name with the unit last: `bakeMs`, `unhealthyThreshold`.
  package let limits: [String: Int]
  /// The release that ran before; absent on the first deployment.
  package let previous: Int?
  package let reason: Sealed?
  /// Its own number.
  package let release: Int
  /// The number that a rollback by hand restores.
  package let restores: Int?
  package let strategy: RolloutStrategy

  package init(
    build: ContentDigest, cause: ReleaseCause, change: Change, components: [DeploymentComponent],
    configurationVersion: Int, limits: [String: Int], previous: Int? = nil, reason: Sealed? = nil,
    release: Int, restores: Int? = nil, strategy: RolloutStrategy
  ) {
    self.build = build
    self.cause = cause
    self.change = change
    self.components = components
    self.configurationVersion = configurationVersion
    self.limits = limits
    self.previous = previous
    self.reason = reason
    self.release = release
    self.restores = restores
    self.strategy = strategy
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.take("build")
    cause = try fields.take("cause")
    change = try fields.take("change")
    components = try fields.take("components")
    configurationVersion = try fields.take("configurationVersion", in: FieldRange.fromOne)
    limits = try fields.take("limits")
    previous = try fields.takeOptional("previous", in: FieldRange.fromOne)
    reason = try fields.takeOptional("reason")
    release = try fields.take("release", in: FieldRange.fromOne)
    restores = try fields.takeOptional("restores", in: FieldRange.fromOne)
    strategy = try fields.take("strategy")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("cause", cause)
    fields.put("change", change)
    fields.put("components", components)
    fields.put("configurationVersion", configurationVersion)
    fields.put("limits", limits)
    fields.put("previous", previous)
    fields.put("reason", reason)
    fields.put("release", release)
    fields.put("restores", restores)
    fields.put("strategy", strategy)
  }
}
