import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections

/// `stele access issuer list`.
package struct AccessIssuerListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List whose OIDC tokens count here, now or at a moment.",
    discussion: """
        $ stele access issuer list
        $ stele access issuer list --at 2026-11-01Z
      """)

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let moment = try await at.moment(of: context.reading(), in: context)
    let issuers = moment.state.identities.issuers
    var table = Table(
      .init("ISSUER", .left, .wraps(comfort: 24)), .init("AUDIENCE"), .init("KEYS"),
      .init("SINCE"), .init("POSITION", .right))
    for issuer in issuers {
      table.add(
        issuer.issuer.text, issuer.audience.text,
        issuer.keys.map { "\($0.kid) (\($0.algorithm.rawValue))" }.joined(separator: ", "),
        issuer.recorded.seconds, "\(issuer.position)")
    }
    let records = issuers.map(\.record)
    try context.present(
      Document(
        schema: "stele.access.issuer.list",
        fields: ["issuers": .array(records.map(JSONValue.object))], records: records,
        of: "stele.access.issuer",
        text: table.isEmpty ? [.line(nothing(at: moment))] : [.table(table)]),
      as: output.output)
  }

  private func nothing(at moment: Session.Moment) -> String {
    moment.isPast ? "no issuer's tokens counted here by then" : "no issuer's tokens count here"
  }
}

extension Identities.Issuer {
  fileprivate var record: JSONObject {
    [
      "audience": .string(audience.text), "by": .string("\(by)"),
      "issuer": .string(issuer.text),
      "keys": .array(
        keys.map {
          [
            "algorithm": .string($0.algorithm.rawValue), "key": .string($0.key.dataText),
            "kid": .string($0.kid.text),
          ]
        }),
      "position": .integer(Int64(position)), "since": .string("\(recorded)"),
    ]
  }
}
