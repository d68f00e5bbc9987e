import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections

/// `stele access identity list`.
package struct AccessIdentityListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List whom tokens prove, and by which claims, now or at a moment.",
    discussion: """
        $ stele access identity list
        $ stele access identity list --at 2026-11-01Z
      """)

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let moment = try await at.moment(of: context.reading(), in: context)
    let identities = moment.state.identities.all
    var table = Table(
      .init("ACTOR"), .init("NUMBER", .right), .init("CLAIMS", .left, .wraps(comfort: 24)),
      .init("ISSUER", .left, .wraps(comfort: 24)), .init("SINCE"), .init("POSITION", .right))
    for identity in identities {
      table.add(
        "\(identity.actor)", "\(identity.number)",
        identity.claims.map { "\($0.name)=\($0.value)" }.joined(separator: " "),
        identity.issuer.text, identity.recorded.seconds, "\(identity.position)")
    }
    let records = identities.map(\.record)
    try context.present(
      Document(
        schema: "stele.access.identity.list",
        fields: ["identities": .array(records.map(JSONValue.object))], records: records,
        of: "stele.access.identity",
        text: table.isEmpty ? [.line(nothing(at: moment))] : [.table(table)]),
      as: output.output)
  }

  private func nothing(at moment: Session.Moment) -> String {
    moment.isPast ? "no token proved anybody here by then" : "no token proves anybody here"
  }
}

extension Identities.Identity {
  fileprivate var record: JSONObject {
    [
      "actor": .string("\(actor)"), "by": .string("\(by)"),
      "claims": .array(
        claims.map { ["name": .string($0.name.text), "value": .string($0.value.text)] }),
      "issuer": .string(issuer.text), "number": .integer(Int64(number)),
      "position": .integer(Int64(position)), "since": .string("\(recorded)"),
    ]
  }
}
