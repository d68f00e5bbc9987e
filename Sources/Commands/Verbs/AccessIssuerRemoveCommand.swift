import ArgumentParser
import CanonicalJSON
import Events
import Operations

/// `stele access issuer rm`.
package struct AccessIssuerRemoveCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Let no token of an issuer count any more.",
    discussion: """
      From here on; what was done with them stays what it is.

        $ stele access issuer rm https://gitlab.example --ticket OPS-12
      """)

  @Argument(help: "The issuer, as `stele access issuer list` shows it.") var issuer: String

  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let grounds = try grounds.grounds()
    let session = try context.administering()
    let position = try await IssuerWork(session).change(
      .remove(MachineWords(issuer)), on: grounds)
    try await session.close()
    let fields: JSONObject = [
      "issuer": .string(issuer), "position": .integer(Int64(position)),
    ]
    try context.present(
      Document(
        schema: "stele.access.issuer.rm", fields: fields, records: [fields],
        text: [.line("tokens of \(issuer) count no more, at position \(position)")]),
      as: output.output)
  }
}
