import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections

/// `stele access issuer list`.
package struct AccessIssuerListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List whose OIDC tokens count here.")

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let issuers = try await session.state().identities.issuers
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
        text: table.isEmpty ? ["no issuer's tokens count here"] : [.table(table)]),
      as: output.output)
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
