import CanonicalJSON

/// Somebody brings what runs back to what the ledger says; recorded with the lease that it holds.
///
/// No release is started by it: what the application is to be in its environment stays the same.
package struct SyncStarted: EventPayload {
  package static let kind: EventKind = "sync.started.v1"

  /// Which brought about what is to run.
  package let deployment: DeploymentID
  package let release: Int

  package init(deployment: DeploymentID, release: Int) {
    self.deployment = deployment
    self.release = release
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    deployment = try fields.take("deployment")
    release = try fields.take("release", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("deployment", deployment)
    fields.put("release", release)
  }
}

/// It is about to have one effect; recorded before it, so that a crash leaves a trace.
package struct SyncStepStarted: EventPayload {
  package static let kind: EventKind = "sync.step_started.v1"

  package let action: StepAction
  /// The replica that is started, drained or stopped; or all that get requests from then on.
  package let instances: [InstanceName]
  /// The step's number within its sync, from 1.
  package let step: Int

  package init(step: Int, action: StepAction, instances: [InstanceName]) {
    self.action = action
    self.instances = instances
    self.step = step
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    action = try fields.take("action")
    instances = try fields.take("instances")
    step = try fields.take("step", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("action", action)
    fields.put("instances", instances)
    fields.put("step", step)
  }
}

/// The effect is over; a start is done when the replica has proven to be well.
package struct SyncStepFinished: EventPayload {
  package static let kind: EventKind = "sync.step_finished.v1"

  package let durationMs: Int
  package let outcome: StepOutcome
  /// What was started.
  package let process: ReplicaProcess?
  /// Why it failed, or what is worth noting though it went well.
  package let reason: MachineWords?
  /// The number of the step that it ends.
  package let step: Int

  package init(
    step: Int, outcome: StepOutcome, durationMs: Int, reason: MachineWords? = nil,
    process: ReplicaProcess? = nil
  ) {
    self.durationMs = durationMs
    self.outcome = outcome
    self.process = process
    self.reason = reason
    self.step = step
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    durationMs = try fields.take("durationMs", in: FieldRange.fromZero)
    outcome = try fields.take("outcome")
    process = try fields.takeOptional("process")
    reason = try fields.takeOptional("reason")
    step = try fields.take("step", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("durationMs", durationMs)
    fields.put("outcome", outcome)
    fields.put("process", process)
    fields.put("reason", reason)
    fields.put("step", step)
  }
}

/// It is over, and its lease is given back.
package struct SyncEnded: EventPayload {
  package static let kind: EventKind = "sync.ended.v1"

  /// Whether every step was carried out; nothing is begun after one that failed.
  package let outcome: StepOutcome
  /// Why not.
  package let reason: MachineWords?

  package init(outcome: StepOutcome, reason: MachineWords? = nil) {
    self.outcome = outcome
    self.reason = reason
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    outcome = try fields.take("outcome")
    reason = try fields.takeOptional("reason")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("outcome", outcome)
    fields.put("reason", reason)
  }
}

/// Everything that can happen while what runs is brought back.
package enum SyncEvent: Hashable, Sendable {
  case started(SyncStarted)
  case stepStarted(SyncStepStarted)
  case stepFinished(SyncStepFinished)
  case ended(SyncEnded)
}
