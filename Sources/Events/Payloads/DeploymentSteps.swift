import CanonicalJSON

/// What a step of a rollout does.
package enum StepAction: String, WordValue {
  case startReplica = "replica.start"
  case drainReplica = "replica.drain"
  case stopReplica = "replica.stop"
  case shiftTraffic = "traffic.shift"
}

/// Which release a replica of a rollout belongs to.
package enum SlotGeneration: String, WordValue {
  case previous
  /// One that an earlier rollout was held with, and that still runs.
  case left
  case new
}

/// One place a replica runs in during a rollout: `new orchestrator/2`.
package struct ReplicaSlot: ObjectValue {
  package let component: ComponentName
  package let generation: SlotGeneration
  /// Which copy of the component, from 1.
  package let replica: Int

  package init(component: ComponentName, generation: SlotGeneration, replica: Int) {
    self.component = component
    self.generation = generation
    self.replica = replica
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    generation = try fields.take("generation")
    replica = try fields.take("replica", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("generation", generation)
    fields.put("replica", replica)
  }
}

/// A rollout is about to have one effect; recorded before it, so that a crash leaves a trace.
package struct DeploymentStepStarted: EventPayload {
  package static let kind: EventKind = "deployment.step_started.v1"

  package let action: StepAction
  /// The process that a step about one replica is about.
  package let instance: InstanceName?
  /// The replica that is started, drained or stopped; or all that get traffic.
  package let slots: [ReplicaSlot]
  /// The step's number within its deployment, from 1.
  package let step: Int

  package init(step: Int, action: StepAction, slots: [ReplicaSlot], instance: InstanceName? = nil) {
    self.action = action
    self.instance = instance
    self.slots = slots
    self.step = step
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    action = try fields.take("action")
    instance = try fields.takeOptional("instance")
    slots = try fields.take("slots")
    step = try fields.take("step", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("action", action)
    fields.put("instance", instance)
    fields.put("slots", slots)
    fields.put("step", step)
  }
}

/// How an effect ended.
package enum StepOutcome: String, WordValue {
  case done
  case failed
}

/// A process as the kernel knows it.
package struct ReplicaProcess: ObjectValue {
  package let pid: Int
  /// Where it listens; absent when it was given no port.
  package let port: Int?
  /// When the kernel started it, in clock ticks since boot: with ``pid`` it is this process and no
  /// later one of the same number.
  package let startTicks: Int

  package init(pid: Int, port: Int? = nil, startTicks: Int) {
    self.pid = pid
    self.port = port
    self.startTicks = startTicks
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    pid = try fields.take("pid", in: FieldRange.fromOne)
    port = try fields.takeOptional("port", in: 1...65_535)
    startTicks = try fields.take("startTicks", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("pid", pid)
    fields.put("port", port)
    fields.put("startTicks", startTicks)
  }
}

/// A rollout's effect is over; a step without this is open, and `stele recover` settles it.
package struct DeploymentStepFinished: EventPayload {
  package static let kind: EventKind = "deployment.step_finished.v1"

  package let durationMs: Int
  package let outcome: StepOutcome
  /// What was started.
  package let process: ReplicaProcess?
  /// Why it failed.
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

/// A replica of a rollout ended without having been asked to.
package struct DeploymentReplicaExited: EventPayload {
  package static let kind: EventKind = "deployment.replica_exited.v1"

  package let instance: InstanceName
  /// The signal that ended it.
  package let signal: Int?
  package let slot: ReplicaSlot
  /// Its exit status; absent when a signal ended it, or nobody was there to see.
  package let status: Int?

  package init(slot: ReplicaSlot, instance: InstanceName, status: Int? = nil, signal: Int? = nil) {
    self.instance = instance
    self.signal = signal
    self.slot = slot
    self.status = status
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    instance = try fields.take("instance")
    signal = try fields.takeOptional("signal", in: FieldRange.fromOne)
    slot = try fields.take("slot")
    status = try fields.takeOptional("status", in: FieldRange.fromZero)
    guard status == nil || signal == nil else {
      throw FormFault.field(path: "signal", expected: "absent, since status is there")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("instance", instance)
    fields.put("signal", signal)
    fields.put("slot", slot)
    fields.put("status", status)
  }
}
