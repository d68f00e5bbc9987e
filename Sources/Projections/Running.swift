import CanonicalJSON
import Events

extension RunningReleases {
  package struct Running: Hashable, Sendable {
    /// The number under which it runs; a rollback's own, not the one that it restored.
    package let release: Int
    package let build: ContentDigest
    package let configurationVersion: Int
    /// How many copies of each component were meant to run.
    package let components: [DeploymentComponent]
    package let deployment: DeploymentID
    /// Of the entry that said that it runs.
    package let position: Int
    package let since: Timestamp
    package let certainty: Certainty

    init(
      release: Int, build: ContentDigest, configurationVersion: Int,
      components: [DeploymentComponent], deployment: DeploymentID, position: Int,
      since: Timestamp, certainty: Certainty
    ) {
      self.release = release
      self.build = build
      self.configurationVersion = configurationVersion
      self.components = components
      self.deployment = deployment
      self.position = position
      self.since = since
      self.certainty = certainty
    }

    /// What ran before a deployment, running again or still.
    init(
      _ predecessor: DeploymentPredecessor, as release: Int, _ deployment: DeploymentID,
      _ recorded: Recorded, _ certainty: Certainty, since: Timestamp? = nil
    ) {
      self.init(
        release: release, build: predecessor.build,
        configurationVersion: predecessor.configurationVersion,
        components: predecessor.components, deployment: deployment, position: recorded.position,
        since: since ?? recorded.recorded, certainty: certainty)
    }
  }

  /// How sure the ledger is that this, and nothing else, runs.
  package enum Certainty: String, WordValue {
    /// Proven healthy when it was put there.
    case proven
    /// A rollout ended on the way: this ran before it, and what it started may run as well.
    case mixed
    /// A rollback failed: nobody knows until somebody looks.
    case unknown
  }
}

extension RunningReleases.Running: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.take("build")
    certainty = try fields.take("certainty")
    components = try fields.take("components")
    configurationVersion = try fields.take("configuration", in: FieldRange.fromOne)
    deployment = try fields.take("deployment")
    position = try fields.take("position", in: FieldRange.fromZero)
    release = try fields.take("release", in: FieldRange.fromOne)
    since = try fields.take("since")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("certainty", certainty)
    fields.put("components", components)
    fields.put("configuration", configurationVersion)
    fields.put("deployment", deployment)
    fields.put("position", position)
    fields.put("release", release)
    fields.put("since", since)
  }
}
