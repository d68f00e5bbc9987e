import CanonicalJSON
import Events
import Projections

/// A grant as a row and as JSON, with who gave it and who looked at it last.
struct GrantView {
  let grant: Grants.Grant

  init(_ grant: Grants.Grant) { self.grant = grant }

  /// When it was given or last reviewed.
  var lookedAt: Timestamp { grant.review?.at ?? grant.recorded }

  /// Who has a role gave it to themselves: an auditor wants to see it.
  private var isOwn: Bool { grant.by == grant.actor }

  private func add(to table: inout Table) {
    let application = grant.applications == .all ? "" : " of \(grant.applications.summary)"
    table.add(
      "\(grant.actor)", "\(grant.number)", grant.role.rawValue,
      grant.environments.summary + application,
      grant.review?.at.seconds ?? "never", grant.recorded.seconds,
      isOwn ? "themselves" : "\(grant.by)", grant.until?.seconds ?? "-")
  }

  var record: JSONObject {
    var record: JSONObject = [
      "actor": .string("\(grant.actor)"), "applications": grant.applications.json,
      "by": .string("\(grant.by)"), "environments": grant.environments.json,
      "grant": .integer(Int64(grant.number)), "position": .integer(Int64(grant.position)),
      "recorded": .string("\(grant.recorded)"), "role": .string(grant.role.rawValue),
    ]
    record["ticket"] = grant.ticket.map { .string($0.rawValue) }
    record["until"] = grant.until.map { .string("\($0)") }
    record["reviewed"] = grant.review.map { review in
      [
        "actor": .string("\(review.by)"), "position": .integer(Int64(review.position)),
        "recorded": .string("\(review.at)"),
      ]
    }
    return record
  }

  static func document(_ grants: [GrantView], at moment: Timestamp) -> Document {
    var table = Table(
      .init("ACTOR", .left, .wraps(comfort: 13)), .init("GRANT", .right), .init("ROLE"),
      .init("WHERE", .left, .wraps(comfort: 10)), .init("REVIEWED"),
      .init("GIVEN", .left, .yields), .init("BY", .left, .yields), .init("UNTIL", .left, .yields))
    for grant in grants { grant.add(to: &table) }
    let records = grants.map(\.record)
    return Document(
      schema: "stele.access.review.list",
      fields: [
        "grants": .array(records.map(JSONValue.object)), "moment": .string("\(moment)"),
      ],
      records: records, of: "stele.access.review.grant",
      text: grants.isEmpty ? ["no grant is to be reviewed"] : [.table(table)])
  }
}
