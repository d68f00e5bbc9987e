import CanonicalJSON

/// From here on only this policy lets anything into an environment, until another is adopted.
package struct PolicyAdopted: EventPayload {
  package static let kind: EventKind = "policy.adopted.v1"

  /// What ``policy`` is the digest of: all environments, presets expanded.
  package let contents: JSONObject
  /// As verdicts name it: ``PolicyDecided/policy``.
  package let policy: ContentDigest
  package let reason: Sealed?
  /// Who wanted it: `OPS-12`.
  package let ticket: Ticket?

  package init(
    contents: JSONObject, policy: ContentDigest, reason: Sealed? = nil, ticket: Ticket? = nil
  ) {
    self.contents = contents
    self.policy = policy
    self.reason = reason
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    contents = try fields.take("contents")
    policy = try fields.take("policy")
    reason = try fields.takeOptional("reason")
    ticket = try fields.takeOptional("ticket")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("contents", contents)
    fields.put("policy", policy)
    fields.put("reason", reason)
    fields.put("ticket", ticket)
  }
}

/// What is said of policies.
package enum PolicyEvent: Hashable, Sendable {
  case decided(PolicyDecided)
  case adopted(PolicyAdopted)
}
