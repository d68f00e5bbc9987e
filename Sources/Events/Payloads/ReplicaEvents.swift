import CanonicalJSON

/// A copy of a component runs; the agent that started it is its parent.
package struct ReplicaStarted: EventPayload {
  package static let kind: EventKind = "replica.started.v1"

  package let build: ContentDigest
  package let component: ComponentName
  package let instance: InstanceName
  package let pid: Int
  /// Where it listens; absent when it takes no traffic.
  package let port: Int?
  /// When the kernel started it, in clock ticks since boot: with ``pid`` it is this process and no
  /// later one of the same number.
  package let startTicks: Int

  package init(
    component: ComponentName, instance: InstanceName, build: ContentDigest, pid: Int,
    port: Int? = nil, startTicks: Int
  ) {
    self.build = build
    self.component = component
    self.instance = instance
    self.pid = pid
    self.port = port
    self.startTicks = startTicks
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.take("build")
    component = try fields.take("component")
    instance = try fields.take("instance")
    pid = try fields.take("pid", in: FieldRange.fromOne)
    port = try fields.takeOptional("port", in: 1...65_535)
    startTicks = try fields.take("startTicks", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("component", component)
    fields.put("instance", instance)
    fields.put("pid", pid)
    fields.put("port", port)
    fields.put("startTicks", startTicks)
  }
}

/// A copy of a component is gone.
package struct ReplicaExited: EventPayload {
  package static let kind: EventKind = "replica.exited.v1"

  package let component: ComponentName
  package let instance: InstanceName
  package let pid: Int
  /// The signal that killed it.
  package let signal: Int?
  /// Its exit status; absent when a signal killed it, or nobody was there to see.
  package let status: Int?

  package init(
    component: ComponentName, instance: InstanceName, pid: Int, status: Int? = nil,
    signal: Int? = nil
  ) {
    self.component = component
    self.instance = instance
    self.pid = pid
    self.signal = signal
    self.status = status
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    instance = try fields.take("instance")
    pid = try fields.take("pid", in: FieldRange.fromOne)
    signal = try fields.takeOptional("signal", in: FieldRange.fromOne)
    status = try fields.takeOptional("status", in: 0...255)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("instance", instance)
    fields.put("pid", pid)
    fields.put("signal", signal)
    fields.put("status", status)
  }
}

/// Everything that can happen to a replica outside a rollout's own steps.
package enum ReplicaEvent: Hashable, Sendable {
  case started(ReplicaStarted)
  case exited(ReplicaExited)
}
