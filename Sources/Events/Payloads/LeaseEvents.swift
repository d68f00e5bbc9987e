import CanonicalJSON

/// One deployment alone may change an application in an environment, for a time.
package struct LeaseTaken: EventPayload {
  package static let kind: EventKind = "lease.taken.v1"

  package let deployment: DeploymentID
  /// Who drives it.
  package let owner: ActorID
  /// The process that drives it, so that whoever finds a lease on the same machine can see whether
  /// its driver still lives.
  package let process: ReplicaProcess
  /// From this moment on anybody may take it over.
  package let until: Timestamp

  package init(deployment: DeploymentID, owner: ActorID, process: ReplicaProcess, until: Timestamp)
  {
    self.deployment = deployment
    self.owner = owner
    self.process = process
    self.until = until
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    deployment = try fields.take("deployment")
    owner = try fields.take("owner")
    process = try fields.take("process")
    until = try fields.take("until")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("deployment", deployment)
    fields.put("owner", owner)
    fields.put("process", process)
    fields.put("until", until)
  }
}

/// Its holder needs longer.
package struct LeaseRenewed: EventPayload {
  package static let kind: EventKind = "lease.renewed.v1"

  package let until: Timestamp

  package init(until: Timestamp) { self.until = until }

  package init(fields: inout FieldReader) throws(FormFault) {
    until = try fields.take("until")
  }

  package func write(to fields: inout FieldWriter) { fields.put("until", until) }
}

/// Its holder is done.
package struct LeaseReleased: EventPayload {
  package static let kind: EventKind = "lease.released.v1"

  package init() {}

  /// Has no fields.
  package init(fields: inout FieldReader) throws(FormFault) {}
  package func write(to fields: inout FieldWriter) {}
}

/// Everything that can happen to a lease.
package enum LeaseEvent: Hashable, Sendable {
  case taken(LeaseTaken)
  case renewed(LeaseRenewed)
  case released(LeaseReleased)
}
