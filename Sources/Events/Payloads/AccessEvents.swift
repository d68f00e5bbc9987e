import CanonicalJSON

/// What a grant lets somebody do: see `Action.roles` for which action is whose.
package enum AccessRole: String, WordValue {
  /// Everything: keys, grants, erasure, and what the other roles may.
  case administrator
  /// Builds, configuration, deployments, rollbacks.
  case deployer
  /// Rollbacks and recoveries, nothing new.
  case `operator`
  /// What an operator may, and deploying where the glass has to be broken for it.
  case responder
  /// Approvals.
  case approver
  /// Exports of evidence.
  case auditor
  /// Reading.
  case viewer
}

/// Somebody may act from here on, in the stream of their own id.
package struct AccessGranted: EventPayload {
  package static let kind: EventKind = "access.granted.v1"

  package let actor: ActorID
  package let applications: Reach<ApplicationTag>
  package let environments: Reach<EnvironmentTag>
  package let reason: Sealed?
  package let role: AccessRole
  /// Who wanted it: `OPS-12`.
  package let ticket: Ticket?
  /// From this moment on the grant counts no more; absent is until withdrawn.
  package let until: Timestamp?

  package init(
    actor: ActorID, applications: Reach<ApplicationTag>, environments: Reach<EnvironmentTag>,
    role: AccessRole, until: Timestamp? = nil, reason: Sealed? = nil, ticket: Ticket? = nil
  ) {
    self.actor = actor
    self.applications = applications
    self.environments = environments
    self.reason = reason
    self.role = role
    self.ticket = ticket
    self.until = until
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    applications = try fields.take("applications")
    environments = try fields.take("environments")
    reason = try fields.takeOptional("reason")
    role = try fields.take("role")
    ticket = try fields.takeOptional("ticket")
    until = try fields.takeOptional("until")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("applications", applications)
    fields.put("environments", environments)
    fields.put("reason", reason)
    fields.put("role", role)
    fields.put("ticket", ticket)
    fields.put("until", until)
  }
}

/// What somebody who looked at a grant says of it.
package enum GrantFinding: String, WordValue {
  case kept
  /// From here on it counts no more.
  case withdrawn
}

/// Somebody else looked at one grant, and it stays or goes.
package struct AccessReviewed: EventPayload {
  package static let kind: EventKind = "access.reviewed.v1"

  package let actor: ActorID
  package let finding: GrantFinding
  /// The version of ``AccessGranted`` in this stream.
  package let grant: Int
  package let rationale: Sealed

  package init(actor: ActorID, grant: Int, finding: GrantFinding, rationale: Sealed) {
    self.actor = actor
    self.finding = finding
    self.grant = grant
    self.rationale = rationale
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    finding = try fields.take("finding")
    grant = try fields.take("grant", in: FieldRange.fromOne)
    rationale = try fields.take("rationale")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("finding", finding)
    fields.put("grant", grant)
    fields.put("rationale", rationale)
  }
}

/// Earlier grants of somebody count no more: those of one role, or all.
package struct AccessWithdrawn: EventPayload {
  package static let kind: EventKind = "access.withdrawn.v1"

  package let actor: ActorID
  package let reason: Sealed?
  /// Absent is every role.
  package let role: AccessRole?
  package let ticket: Ticket?

  package init(
    actor: ActorID, role: AccessRole? = nil, reason: Sealed? = nil, ticket: Ticket? = nil
  ) {
    self.actor = actor
    self.reason = reason
    self.role = role
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    reason = try fields.takeOptional("reason")
    role = try fields.takeOptional("role")
    ticket = try fields.takeOptional("ticket")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("reason", reason)
    fields.put("role", role)
    fields.put("ticket", ticket)
  }
}

/// Whatever is granted, somebody may do nothing here until it is over: a denial that wins.
package struct AccessSuspended: EventPayload {
  package static let kind: EventKind = "access.suspended.v1"

  package let actor: ActorID
  package let applications: Reach<ApplicationTag>
  package let environments: Reach<EnvironmentTag>
  package let reason: Sealed?
  package let ticket: Ticket?
  /// From this moment on it is over; absent is until reinstated.
  package let until: Timestamp?

  package init(
    actor: ActorID, applications: Reach<ApplicationTag>, environments: Reach<EnvironmentTag>,
    until: Timestamp? = nil, reason: Sealed? = nil, ticket: Ticket? = nil
  ) {
    self.actor = actor
    self.applications = applications
    self.environments = environments
    self.reason = reason
    self.ticket = ticket
    self.until = until
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    applications = try fields.take("applications")
    environments = try fields.take("environments")
    reason = try fields.takeOptional("reason")
    ticket = try fields.takeOptional("ticket")
    until = try fields.takeOptional("until")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("applications", applications)
    fields.put("environments", environments)
    fields.put("reason", reason)
    fields.put("ticket", ticket)
    fields.put("until", until)
  }
}

/// Every suspension of somebody is over; grants count again.
package struct AccessReinstated: EventPayload {
  package static let kind: EventKind = "access.reinstated.v1"

  package let actor: ActorID
  package let reason: Sealed?
  package let ticket: Ticket?

  package init(actor: ActorID, reason: Sealed? = nil, ticket: Ticket? = nil) {
    self.actor = actor
    self.reason = reason
    self.ticket = ticket
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    reason = try fields.takeOptional("reason")
    ticket = try fields.takeOptional("ticket")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("reason", reason)
    fields.put("ticket", ticket)
  }
}

/// Yes or no.
package enum AccessVerdict: String, WordValue {
  case allow
  case deny
}

/// Somebody asked to do something and got an answer, with its reasons.
///
/// Numbered densely per environment, so a missing decision shows. Denials are coalesced per actor,
/// action, environment and minute: the first at once, the others of its minute as one count after.
package struct AccessDecided: EventPayload {
  package static let kind: EventKind = "access.decided.v1"

  /// `deployment.start`.
  package let action: Code
  /// Who asked.
  package let actor: ActorID
  /// Absent for what concerns no application.
  package let application: ApplicationName?
  /// How many requests this answers, at least 1.
  package let count: Int
  package let decision: AccessVerdict
  /// Why, at least one: `grant`, `noGrant`.
  package let reasons: [Code]

  package init(
    action: Code, actor: ActorID, application: ApplicationName?, count: Int = 1,
    decision: AccessVerdict, reasons: [Code]
  ) {
    self.action = action
    self.actor = actor
    self.application = application
    self.count = count
    self.decision = decision
    self.reasons = reasons
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    action = try fields.take("action")
    actor = try fields.take("actor")
    application = try fields.takeOptional("application")
    count = try fields.take("count", in: FieldRange.fromOne)
    decision = try fields.take("decision")
    reasons = try fields.take("reasons")
    guard !reasons.isEmpty else {
      throw FormFault.field(path: "reasons", expected: "one reason at least")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("action", action)
    fields.put("actor", actor)
    fields.put("application", application)
    fields.put("count", count)
    fields.put("decision", decision)
    fields.put("reasons", reasons)
  }
}

/// Everything that can happen to who may do what.
package enum AccessEvent: Hashable, Sendable {
  case granted(AccessGranted)
  case withdrawn(AccessWithdrawn)
  case suspended(AccessSuspended)
  case reinstated(AccessReinstated)
  case reviewed(AccessReviewed)
  case decided(AccessDecided)
  case issuerAdded(AccessIssuerAdded)
  case issuerRemoved(AccessIssuerRemoved)
  case identityAdded(AccessIdentityAdded)
  case identityRemoved(AccessIdentityRemoved)
  case attested(AccessAttested)
}
