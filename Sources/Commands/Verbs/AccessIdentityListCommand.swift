import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections

/// `stele access identity list`.
package struct AccessIdentityListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List whom tokens prove, and by which claims.")

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let identities = try await session.state().identities.all
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
        text: table.isEmpty ? ["no token proves anybody here"] : [.table(table)]),
      as: output.output)
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
