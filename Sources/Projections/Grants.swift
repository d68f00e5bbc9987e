import CanonicalJSON
import Events

/// Who may do what where, as granted and not withdrawn.
package struct Grants: Projection {
  package static let name = "grants"
  package static let revision = 4

  private var byActor: [ActorID: [Grant]] = [:]
  private var suspensions: [ActorID: [Suspension]] = [:]
  private var versions: [ActorID: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .access(let event) = recorded.event else { return }
    switch event {
    case .granted(let grant):
      byActor[grant.actor, default: []].append(Grant(grant, in: recorded))
      versions[grant.actor] = recorded.version
    case .withdrawn(let withdrawn):
      byActor[withdrawn.actor]?.removeAll {
        withdrawn.role == nil || $0.role == withdrawn.role
      }
      versions[withdrawn.actor] = recorded.version
    case .suspended(let suspended):
      suspensions[suspended.actor, default: []].append(
        Suspension(suspended, position: recorded.position, by: recorded.actor))
      versions[suspended.actor] = recorded.version
    case .reinstated(let reinstated):
      suspensions[reinstated.actor] = nil
      versions[reinstated.actor] = recorded.version
    case .reviewed(let reviewed):
      review(reviewed, in: recorded)
      versions[reviewed.actor] = recorded.version
    case .identityAdded(let added):
      versions[added.actor] = recorded.version
    case .identityRemoved(let removed):
      versions[removed.actor] = recorded.version
    case .decided, .issuerAdded, .issuerRemoved, .attested:
      break  // Grants nothing, and stands in other streams.
    }
  }

  private mutating func review(_ reviewed: AccessReviewed, in recorded: Recorded) {
    switch reviewed.finding {
    case .withdrawn: byActor[reviewed.actor]?.removeAll { $0.number == reviewed.grant }
    case .kept:
      let index = byActor[reviewed.actor]?.firstIndex { $0.number == reviewed.grant }
      guard let index else { return }
      byActor[reviewed.actor]?[index].review = Grant.Review(
        at: recorded.recorded, by: recorded.actor, position: recorded.position)
    }
  }

  /// In the order they were given; expired ones included.
  package func of(_ actor: ActorID) -> [Grant] { byActor[actor] ?? [] }

  /// In the order they were recorded; those that are over by their time included.
  package func suspensions(of actor: ActorID) -> [Suspension] { suspensions[actor] ?? [] }

  /// Everybody who was granted something or suspended, and is still.
  package var actors: [ActorID] {
    Set(byActor.filter { !$0.value.isEmpty }.keys).union(suspensions.keys).sorted()
  }

  /// The version of the actor's grant stream: what a decision on it expects.
  package func version(of actor: ActorID) -> Int { versions[actor] ?? 0 }

  package var all: [Grant] {
    byActor.values.joined().sorted { ($0.position, $0.actor) < ($1.position, $1.actor) }
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    byActor = try fields.take("byActor")
    suspensions = try fields.take("suspensions")
    versions = try fields.take("versions")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byActor", byActor)
    fields.put("suspensions", suspensions)
    fields.put("versions", versions)
  }
}

extension Grants {
  package struct Grant: Hashable, Sendable {
    package let actor: ActorID
    package let role: AccessRole
    package let applications: Reach<ApplicationTag>
    package let environments: Reach<EnvironmentTag>
    package let ticket: Ticket?
    /// From this moment on it counts no more.
    package let until: Timestamp?
    /// Among all that was said of the actor's access, from 1: the version in their stream.
    package let number: Int
    package let position: Int
    package let recorded: Timestamp
    /// Who gave it.
    package let by: ActorID
    /// The newest that kept it; nil when nobody has looked at it since it was given.
    package fileprivate(set) var review: Review?

    /// Somebody looked at a grant and kept it.
    package struct Review: Hashable, Sendable {
      package let at: Timestamp
      package let by: ActorID
      package let position: Int
    }

    /// Whether it is not over by its time.
    package func counts(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }

    package init(_ granted: AccessGranted, in entry: Recorded) {
      actor = granted.actor
      role = granted.role
      ticket = granted.ticket
      applications = granted.applications
      environments = granted.environments
      until = granted.until
      number = entry.version
      position = entry.position
      recorded = entry.recorded
      by = entry.actor
    }
  }
}

extension Grants.Grant.Review: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    at = try fields.take("at")
    by = try fields.take("by")
    position = try fields.take("position", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("at", at)
    fields.put("by", by)
    fields.put("position", position)
  }
}

extension Grants.Grant: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    applications = try fields.take("applications")
    by = try fields.take("by")
    environments = try fields.take("environments")
    number = try fields.take("number", in: FieldRange.fromOne)
    position = try fields.take("position", in: FieldRange.fromZero)
    recorded = try fields.take("recorded")
    review = try fields.takeOptional("review")
    role = try fields.take("role")
    ticket = try fields.takeOptional("ticket")
    until = try fields.takeOptional("until")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("applications", applications)
    fields.put("by", by)
    fields.put("environments", environments)
    fields.put("number", number)
    fields.put("position", position)
    fields.put("recorded", recorded)
    fields.put("review", review)
    fields.put("role", role)
    fields.put("ticket", ticket)
    fields.put("until", until)
  }
}

extension Grants {
  /// Somebody may do nothing in its reach, whatever is granted.
  package struct Suspension: Hashable, Sendable {
    package let actor: ActorID
    package let applications: Reach<ApplicationTag>
    package let environments: Reach<EnvironmentTag>
    package let ticket: Ticket?
    /// From this moment on it is over.
    package let until: Timestamp?
    package let position: Int
    /// Who said so.
    package let by: ActorID

    /// Whether it is not over by its time.
    package func counts(at now: Timestamp) -> Bool { until.map { now < $0 } ?? true }

    package init(_ suspended: AccessSuspended, position: Int, by: ActorID) {
      actor = suspended.actor
      applications = suspended.applications
      environments = suspended.environments
      ticket = suspended.ticket
      until = suspended.until
      self.position = position
      self.by = by
    }
  }
}

extension Grants.Suspension: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    applications = try fields.take("applications")
    by = try fields.take("by")
    environments = try fields.take("environments")
    position = try fields.take("position", in: FieldRange.fromZero)
    ticket = try fields.takeOptional("ticket")
    until = try fields.takeOptional("until")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("applications", applications)
    fields.put("by", by)
    fields.put("environments", environments)
    fields.put("position", position)
    fields.put("ticket", ticket)
    fields.put("until", until)
  }
}
