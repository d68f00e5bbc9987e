import CanonicalJSON
import Events

/// Who may do what where, as granted and not withdrawn.
package struct Grants: Projection {
  package static let name = "grants"
  package static let revision = 2

  private var byActor: [ActorID: [Grant]] = [:]
  private var suspensions: [ActorID: [Suspension]] = [:]
  private var versions: [ActorID: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .access(let event) = recorded.event else { return }
    switch event {
    case .granted(let grant):
      byActor[grant.actor, default: []].append(
        Grant(grant, position: recorded.position, by: recorded.actor))
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
    case .decided:
      break  // A decision grants nothing.
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
    package let position: Int
    /// Who gave it.
    package let by: ActorID

    package init(_ granted: AccessGranted, position: Int, by: ActorID) {
      actor = granted.actor
      role = granted.role
      ticket = granted.ticket
      applications = granted.applications
      environments = granted.environments
      until = granted.until
      self.position = position
      self.by = by
    }
  }
}

extension Grants.Grant: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    applications = try fields.take("applications")
    by = try fields.take("by")
    environments = try fields.take("environments")
    position = try fields.take("position", in: FieldRange.fromZero)
    role = try fields.take("role")
    ticket = try fields.takeOptional("ticket")
    until = try fields.takeOptional("until")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("applications", applications)
    fields.put("by", by)
    fields.put("environments", environments)
    fields.put("position", position)
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
