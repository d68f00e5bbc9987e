import CanonicalJSON

/// What one probe found.
package enum ProbeVerdict: String, WordValue {
  case pass
  /// An answer that was wrong, late, or none at all.
  case fail
}

/// One probe of one instance, with its number and its reason.
package struct HealthChecked: EventPayload {
  package static let kind: EventKind = "health.checked.v1"

  package let component: ComponentName
  /// The deployment that it was probed for; absent once the release only runs.
  package let deployment: DeploymentID?
  package let instance: InstanceName
  /// From the request to the answer, or to giving up.
  package let latencyUs: Int
  /// Why it failed.
  package let reason: MachineWords?
  /// The answer's HTTP status; absent without an answer.
  package let status: Int?
  package let verdict: ProbeVerdict

  package init(
    component: ComponentName, instance: InstanceName, latencyUs: Int, status: Int? = nil,
    verdict: ProbeVerdict, reason: MachineWords? = nil, deployment: DeploymentID? = nil
  ) {
    self.component = component
    self.deployment = deployment
    self.instance = instance
    self.latencyUs = latencyUs
    self.reason = reason
    self.status = status
    self.verdict = verdict
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    deployment = try fields.takeOptional("deployment")
    instance = try fields.take("instance")
    latencyUs = try fields.take("latencyUs", in: FieldRange.fromZero)
    reason = try fields.takeOptional("reason")
    status = try fields.takeOptional("status", in: FieldRange.fromZero)
    verdict = try fields.take("verdict")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("deployment", deployment)
    fields.put("instance", instance)
    fields.put("latencyUs", latencyUs)
    fields.put("reason", reason)
    fields.put("status", status)
    fields.put("verdict", verdict)
  }
}

/// What is known about an instance's health.
package enum HealthState: String, WordValue {
  /// Not probed yet, or not for too long.
  case unknown
  case healthy
  case unhealthy
}

/// An instance went from one state of health to another.
package struct HealthChanged: EventPayload {
  package static let kind: EventKind = "health.changed.v1"

  package let component: ComponentName
  package let from: HealthState
  package let instance: InstanceName
  package let reason: MachineWords
  package let to: HealthState

  package init(
    component: ComponentName, instance: InstanceName, from: HealthState, to: HealthState,
    reason: MachineWords
  ) {
    self.component = component
    self.from = from
    self.instance = instance
    self.reason = reason
    self.to = to
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    from = try fields.take("from")
    instance = try fields.take("instance")
    reason = try fields.take("reason")
    to = try fields.take("to")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("from", from)
    fields.put("instance", instance)
    fields.put("reason", reason)
    fields.put("to", to)
  }
}

/// All probes of one instance in one window of time, once nothing changes any more.
package struct HealthSummarized: EventPayload {
  package static let kind: EventKind = "health.summarized.v1"

  package let component: ComponentName
  package let failures: Int
  package let instance: InstanceName
  /// Over the passes; 0 when there was none.
  package let latencyUsMax: Int
  /// Over the passes, the lower of two middle ones; 0 when there was none.
  package let latencyUsMedian: Int
  package let passes: Int
  package let windowMs: Int

  package init(
    component: ComponentName, instance: InstanceName, windowMs: Int, passes: Int, failures: Int,
    latencyUsMax: Int, latencyUsMedian: Int
  ) {
    self.component = component
    self.failures = failures
    self.instance = instance
    self.latencyUsMax = latencyUsMax
    self.latencyUsMedian = latencyUsMedian
    self.passes = passes
    self.windowMs = windowMs
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    failures = try fields.take("failures", in: FieldRange.fromZero)
    instance = try fields.take("instance")
    latencyUsMax = try fields.take("latencyUsMax", in: FieldRange.fromZero)
    latencyUsMedian = try fields.take("latencyUsMedian", in: FieldRange.fromZero)
    passes = try fields.take("passes", in: FieldRange.fromZero)
    windowMs = try fields.take("windowMs", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("failures", failures)
    fields.put("instance", instance)
    fields.put("latencyUsMax", latencyUsMax)
    fields.put("latencyUsMedian", latencyUsMedian)
    fields.put("passes", passes)
    fields.put("windowMs", windowMs)
  }
}

/// Everything that is observed of health.
package enum HealthEvent: Hashable, Sendable {
  case checked(HealthChecked)
  case changed(HealthChanged)
  case summarized(HealthSummarized)
}
