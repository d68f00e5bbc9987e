import CanonicalJSON

/// Somebody began to bring a build into an environment: the whole plan, before anything changed.
///
/// Always recorded with one ``ReleaseStarted``. Everything that `recover` and `replay` need is
/// here, so neither reads a file that may have changed since.
package struct DeploymentStarted: EventPayload {
  package static let kind: EventKind = "deployment.started.v1"

  package let build: ContentDigest
  /// `deployment` or `rollback`.
  package let cause: ReleaseCause
  package let change: Change
  package let components: [DeploymentComponent]
  /// The version of the configuration that the replicas get.
  package let configurationVersion: Int
  package let limits: DeploymentLimits
  /// What ran before; absent on the first deployment.
  package let predecessor: DeploymentPredecessor?
  package let reason: Sealed?
  /// Its own number.
  package let release: Int
  /// The number that a rollback by hand restores.
  package let restores: Int?
  package let rollback: DeploymentRollback
  /// A rollback by hand does not wait where what it restores has proven itself before.
  package let skipsWaits: Bool
  package let strategy: RolloutStrategy

  package init(
    build: ContentDigest, cause: ReleaseCause, change: Change, components: [DeploymentComponent],
    configurationVersion: Int, limits: DeploymentLimits, predecessor: DeploymentPredecessor?,
    reason: Sealed? = nil, release: Int, restores: Int? = nil, rollback: DeploymentRollback,
    skipsWaits: Bool, strategy: RolloutStrategy
  ) {
    self.build = build
    self.cause = cause
    self.change = change
    self.components = components
    self.configurationVersion = configurationVersion
    self.limits = limits
    self.predecessor = predecessor
    self.reason = reason
    self.release = release
    self.restores = restores
    self.rollback = rollback
    self.skipsWaits = skipsWaits
    self.strategy = strategy
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.take("build")
    cause = try fields.take("cause")
    change = try fields.take("change")
    components = try fields.take("components")
    configurationVersion = try fields.take("configurationVersion", in: FieldRange.fromOne)
    limits = try fields.take("limits")
    predecessor = try fields.takeOptional("predecessor")
    reason = try fields.takeOptional("reason")
    release = try fields.take("release", in: FieldRange.fromOne)
    restores = try fields.takeOptional("restores", in: FieldRange.fromOne)
    rollback = try fields.take("rollback")
    skipsWaits = try fields.take("skipsWaits")
    strategy = try fields.take("strategy")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("cause", cause)
    fields.put("change", change)
    fields.put("components", components)
    fields.put("configurationVersion", configurationVersion)
    fields.put("limits", limits)
    fields.put("predecessor", predecessor)
    fields.put("reason", reason)
    fields.put("release", release)
    fields.put("restores", restores)
    fields.put("rollback", rollback)
    fields.put("skipsWaits", skipsWaits)
    fields.put("strategy", strategy)
  }
}
