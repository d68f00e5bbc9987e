import CanonicalJSON
import Events
import Projections

/// What one actor may be at a moment.
struct AccessRow {
  let actor: ActorID
  private let grants: [Grants.Grant]
  private let suspensions: [Grants.Suspension]

  init(of actor: ActorID, _ all: Grants, at now: Timestamp) {
    self.actor = actor
    grants = all.of(actor).filter { $0.counts(at: now) }
    suspensions = all.suspensions(of: actor).filter { $0.counts(at: now) }
  }

  var isEmpty: Bool { grants.isEmpty && suspensions.isEmpty }

  /// - Parameter environment: Nil for what concerns none.
  func cell(_ environment: EnvironmentName?) -> String {
    let roles = grants.filter { Self.covers(environment, $0.environments) }.map { grant in
      let place = grant.applications == .all ? "" : " of \(grant.applications.summary)"
      return grant.role.rawValue + place + (grant.until.map { " until \($0.seconds)" } ?? "")
    }
    let isSuspended = suspensions.contains { Self.covers(environment, $0.environments) }
    let shown = (isSuspended ? ["suspended"] : []) + roles
    return shown.isEmpty ? "-" : shown.joined(separator: ", ")
  }

  private static func covers(
    _ environment: EnvironmentName?, _ reach: Reach<EnvironmentTag>
  ) -> Bool { environment.map(reach.covers) ?? (reach == .all) }

  var records: [JSONObject] {
    grants.map { grant in
      record(
        grant.applications.json, grant.environments.json, until: grant.until, grant.ticket,
        position: grant.position, by: grant.by, role: grant.role)
    }
      + suspensions.map { one in
        record(
          one.applications.json, one.environments.json, until: one.until, one.ticket,
          position: one.position, by: one.by, role: nil)
      }
  }

  private func record(
    _ applications: JSONValue, _ environments: JSONValue, until: Timestamp?,
    _ ticket: Ticket?, position: Int, by: ActorID, role: AccessRole?
  ) -> JSONObject {
    var object: JSONObject = [
      "actor": .string("\(actor)"), "applications": applications, "by": .string("\(by)"),
      "environments": environments, "position": .integer(Int64(position)),
      "suspended": .bool(role == nil),
    ]
    object["role"] = role.map { .string($0.rawValue) }
    object["ticket"] = ticket.map { .string($0.rawValue) }
    object["until"] = until.map { .string("\($0)") }
    return object
  }
}
