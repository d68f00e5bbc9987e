import CanonicalJSON

/// A rollout is about to have one effect; recorded before it, so that a crash leaves a trace.
package struct DeploymentStepStarted: EventPayload {
  package static let kind: EventKind = "deployment.step_started.v1"

  /// `startReplica`, `switchTraffic`.
  package let action: Code
  package let component: ComponentName?
  /// What the action needs beyond that; fields of the action's own.
  package let detail: JSONObject
  /// Which copy of the component, from 0.
  package let replica: Int?
  /// The step's number within its deployment, from 1.
  package let step: Int

  package init(
    step: Int, action: Code, component: ComponentName? = nil, replica: Int? = nil,
    detail: JSONObject = [:]
  ) {
    self.action = action
    self.component = component
    self.detail = detail
    self.replica = replica
    self.step = step
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    action = try fields.take("action")
    component = try fields.takeOptional("component")
    detail = try fields.take("detail")
    replica = try fields.takeOptional("replica", in: FieldRange.fromZero)
    step = try fields.take("step", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("action", action)
    fields.put("component", component)
    fields.put("detail", detail)
    fields.put("replica", replica)
    fields.put("step", step)
  }
}

/// How an effect ended.
package enum StepOutcome: String, WordValue {
  case done
  case failed
}

/// A rollout's effect is over; a step without this is open, and `stele recover` settles it.
package struct DeploymentStepFinished: EventPayload {
  package static let kind: EventKind = "deployment.step_finished.v1"

  /// What was found out: `pid`, `startTicks`, `port`.
  package let detail: JSONObject
  package let durationMs: Int
  package let outcome: StepOutcome
  /// Why it failed.
  package let reason: MachineWords?
  /// The number of the step that it ends.
  package let step: Int

  package init(
    step: Int, outcome: StepOutcome, durationMs: Int, reason: MachineWords? = nil,
    detail: JSONObject = [:]
  ) {
    self.detail = detail
    self.durationMs = durationMs
    self.outcome = outcome
    self.reason = reason
    self.step = step
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    detail = try fields.take("detail")
    durationMs = try fields.take("durationMs", in: FieldRange.fromZero)
    outcome = try fields.take("outcome")
    reason = try fields.takeOptional("reason")
    step = try fields.take("step", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("detail", detail)
    fields.put("durationMs", durationMs)
    fields.put("outcome", outcome)
    fields.put("reason", reason)
    fields.put("step", step)
  }
}
