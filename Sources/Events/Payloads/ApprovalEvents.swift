import CanonicalJSON

/// What somebody approved or refused: one action of one application, as one plan describes it.
package struct Approval: ObjectValue {
  package let action: Code
  package let application: ApplicationName
  /// Digest of exactly the plan that was shown; another plan needs another approval.
  package let plan: ContentDigest
  package let comment: Sealed?

  package init(
    action: Code, application: ApplicationName, plan: ContentDigest, comment: Sealed? = nil
  ) {
    self.action = action
    self.application = application
    self.plan = plan
    self.comment = comment
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    action = try fields.take("action")
    application = try fields.take("application")
    comment = try fields.takeOptional("comment")
    plan = try fields.take("plan")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("action", action)
    fields.put("application", application)
    fields.put("comment", comment)
    fields.put("plan", plan)
  }
}

/// Somebody wants to carry out a plan that needs approvals: all that an approver has to see.
package struct ApprovalRequested: EventPayload {
  package static let kind: EventKind = "approval.requested.v1"

  /// The resolved configuration of the plan, which may not have been applied yet.
  package let configuration: JSONObject
  /// The plan's; whoever approves it makes it again.
  package let digest: ContentDigest
  package let plan: ReviewedPlan
  package let reason: Sealed?
  /// What the policy asks of the plan.
  package let rule: ApprovalRule

  package init(
    plan: ReviewedPlan, digest: ContentDigest, configuration: JSONObject, rule: ApprovalRule,
    reason: Sealed? = nil
  ) {
    self.configuration = configuration
    self.digest = digest
    self.plan = plan
    self.reason = reason
    self.rule = rule
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    configuration = try fields.take("configuration")
    digest = try fields.take("digest")
    plan = try fields.take("plan")
    reason = try fields.takeOptional("reason")
    rule = try fields.take("rule")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("configuration", configuration)
    fields.put("digest", digest)
    fields.put("plan", plan)
    fields.put("reason", reason)
    fields.put("rule", rule)
  }
}

/// A payload that is an approval and its meaning the kind.
package protocol ApprovalPayload: EventPayload {
  init(_ approval: Approval)
  var approval: Approval { get }
}

extension ApprovalPayload {
  package init(fields: inout FieldReader) throws(FormFault) {
    self.init(try Approval(fields: &fields))
  }

  package func write(to fields: inout FieldWriter) { approval.write(to: &fields) }
}

/// Somebody let it happen.
package struct ApprovalGiven: ApprovalPayload {
  package static let kind: EventKind = "approval.given.v1"
  package let approval: Approval
  package init(_ approval: Approval) { self.approval = approval }
}

/// Somebody took their approval back.
package struct ApprovalWithdrawn: ApprovalPayload {
  package static let kind: EventKind = "approval.withdrawn.v1"
  package let approval: Approval
  package init(_ approval: Approval) { self.approval = approval }
}

/// Somebody said no.
package struct ApprovalRejected: ApprovalPayload {
  package static let kind: EventKind = "approval.rejected.v1"
  package let approval: Approval
  package init(_ approval: Approval) { self.approval = approval }
}

/// Everything that can be said about a plan; counted, never edited.
package enum ApprovalEvent: Hashable, Sendable {
  case requested(ApprovalRequested)
  case given(ApprovalGiven)
  case withdrawn(ApprovalWithdrawn)
  case rejected(ApprovalRejected)
}
