import CanonicalJSON

/// What sends requests to the replicas did not answer when its agent looked.
package struct RouterStopped: EventPayload {
  package static let kind: EventKind = "router.stopped.v1"

  /// How it was seen.
  package let reason: MachineWords

  package init(reason: MachineWords) { self.reason = reason }

  package init(fields: inout FieldReader) throws(FormFault) {
    reason = try fields.take("reason")
  }

  package func write(to fields: inout FieldWriter) { fields.put("reason", reason) }
}

/// It runs again, with the servers that it had.
package struct RouterStarted: EventPayload {
  package static let kind: EventKind = "router.started.v1"

  package init() {}

  /// Has no fields.
  package init(fields: inout FieldReader) throws(FormFault) {}
  package func write(to fields: inout FieldWriter) {}
}

/// Everything that can happen to a place's router outside a rollout's own steps.
package enum RouterEvent: Hashable, Sendable {
  case started(RouterStarted)
  case stopped(RouterStopped)
}
