import CanonicalJSON

/// How a release replaces the one before it.
package enum RolloutStrategy: String, WordValue {
  case blueGreen = "blue-green"
  case rolling
  case canary
}

/// What is asked to know whether a replica is well.
package enum ReplicaHealth: String, WordValue {
  /// Its health path, over HTTP.
  case http
  /// Whether its process is there.
  case process
}

/// One component of a release as an environment runs it.
package struct DeploymentComponent: ObjectValue {
  package let artifact: ContentDigest
  package let health: ReplicaHealth
  package let name: ComponentName
  /// How many copies of it shall run.
  package let replicas: Int
  /// Whether requests are sent to it.
  package let takesTraffic: Bool

  package init(
    artifact: ContentDigest, health: ReplicaHealth, name: ComponentName, replicas: Int,
    takesTraffic: Bool
  ) {
    self.artifact = artifact
    self.health = health
    self.name = name
    self.replicas = replicas
    self.takesTraffic = takesTraffic
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    artifact = try fields.take("artifact")
    health = try fields.take("health")
    name = try fields.take("name")
    replicas = try fields.take("replicas", in: FieldRange.fromZero)
    takesTraffic = try fields.take("takesTraffic")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("artifact", artifact)
    fields.put("health", health)
    fields.put("name", name)
    fields.put("replicas", replicas)
    fields.put("takesTraffic", takesTraffic)
  }
}

/// A copy of a component that ran when a deployment started.
package struct StandingReplica: ObjectValue {
  package let component: ComponentName
  package let instance: InstanceName
  /// The release that has left it, where it is not the predecessor's: an earlier rollout was held.
  /// 0 where the ledger does not say which.
  package let release: Int?
  /// Which copy of the component, from 1, among those of the predecessor or those left.
  package let replica: Int
  /// Whether requests are sent to it; absent is as its component has it.
  package let serves: Bool?

  package init(
    component: ComponentName, instance: InstanceName, release: Int? = nil, replica: Int,
    serves: Bool? = nil
  ) {
    self.component = component
    self.instance = instance
    self.release = release
    self.replica = replica
    self.serves = serves
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    instance = try fields.take("instance")
    release = try fields.takeOptional("release", in: FieldRange.fromZero)
    replica = try fields.take("replica", in: FieldRange.fromOne)
    serves = try fields.takeOptional("serves")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("instance", instance)
    fields.put("release", release)
    fields.put("replica", replica)
    fields.put("serves", serves)
  }
}

/// The release that a deployment replaces, and what of it ran.
package struct DeploymentPredecessor: ObjectValue {
  package let build: ContentDigest
  package let components: [DeploymentComponent]
  package let configurationVersion: Int
  package let release: Int
  package let running: [StandingReplica]

  package init(
    build: ContentDigest, components: [DeploymentComponent], configurationVersion: Int,
    release: Int, running: [StandingReplica]
  ) {
    self.build = build
    self.components = components
    self.configurationVersion = configurationVersion
    self.release = release
    self.running = running
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.take("build")
    components = try fields.take("components")
    configurationVersion = try fields.take("configurationVersion", in: FieldRange.fromOne)
    release = try fields.take("release", in: FieldRange.fromOne)
    running = try fields.take("running")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("components", components)
    fields.put("configurationVersion", configurationVersion)
    fields.put("release", release)
    fields.put("running", running)
  }
}

/// The numbers that a deployment is held to.
package struct DeploymentLimits: ObjectValue {
  package var bakeMs: Int
  package var drainMs: Int
  /// Passes in a row that prove a replica healthy.
  package var healthyThreshold: Int
  package var probeIntervalMs: Int
  package var probeTimeoutMs: Int
  package var progressDeadlineMs: Int
  package var startupDeadlineMs: Int
  /// Between asking a process to end and ending it.
  package var stopGraceMs: Int
  package var surge: Int
  /// Failures in a row that take the proof away.
  package var unhealthyThreshold: Int

  package init(
    bakeMs: Int, drainMs: Int, healthyThreshold: Int, probeIntervalMs: Int, probeTimeoutMs: Int,
    progressDeadlineMs: Int, startupDeadlineMs: Int, stopGraceMs: Int, surge: Int,
    unhealthyThreshold: Int
  ) {
    self.bakeMs = bakeMs
    self.drainMs = drainMs
    self.healthyThreshold = healthyThreshold
    self.probeIntervalMs = probeIntervalMs
    self.probeTimeoutMs = probeTimeoutMs
    self.progressDeadlineMs = progressDeadlineMs
    self.startupDeadlineMs = startupDeadlineMs
    self.stopGraceMs = stopGraceMs
    self.surge = surge
    self.unhealthyThreshold = unhealthyThreshold
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    bakeMs = try fields.take("bakeMs", in: FieldRange.fromZero)
    drainMs = try fields.take("drainMs", in: FieldRange.fromZero)
    healthyThreshold = try fields.take("healthyThreshold", in: FieldRange.fromOne)
    probeIntervalMs = try fields.take("probeIntervalMs", in: FieldRange.fromOne)
    probeTimeoutMs = try fields.take("probeTimeoutMs", in: FieldRange.fromOne)
    progressDeadlineMs = try fields.take("progressDeadlineMs", in: FieldRange.fromOne)
    startupDeadlineMs = try fields.take("startupDeadlineMs", in: FieldRange.fromOne)
    stopGraceMs = try fields.take("stopGraceMs", in: FieldRange.fromZero)
    surge = try fields.take("surge", in: FieldRange.fromOne)
    unhealthyThreshold = try fields.take("unhealthyThreshold", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("bakeMs", bakeMs)
    fields.put("drainMs", drainMs)
    fields.put("healthyThreshold", healthyThreshold)
    fields.put("probeIntervalMs", probeIntervalMs)
    fields.put("probeTimeoutMs", probeTimeoutMs)
    fields.put("progressDeadlineMs", progressDeadlineMs)
    fields.put("startupDeadlineMs", startupDeadlineMs)
    fields.put("stopGraceMs", stopGraceMs)
    fields.put("surge", surge)
    fields.put("unhealthyThreshold", unhealthyThreshold)
  }
}

/// Whether a failed deployment undoes itself: the environment's `deployment.rollback`.
package struct DeploymentRollback: ObjectValue {
  package let automatic: Bool
  package let enabled: Bool

  package init(automatic: Bool, enabled: Bool) {
    self.automatic = automatic
    self.enabled = enabled
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    automatic = try fields.take("automatic")
    enabled = try fields.take("enabled")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("automatic", automatic)
    fields.put("enabled", enabled)
  }
}
