import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations

/// `stele secret rm`: removes a secret with all its versions.
package struct SecretRemoveCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove a secret of an environment, in all its versions.",
    discussion: """
        $ stele secret rm staging old-token --reason "nothing asks for it"
      """)

  @OptionGroup var secret: SecretArguments
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (session, work, environment) = try await secret.work(consent, identity, in: context)
    let position = try await work.remove(secret.name, reason: consent.reason)
    try await session.close()
    let fields: JSONObject = [
      "environment": .string(environment.rawValue), "name": .string(secret.name.rawValue),
      "position": .integer(Int64(position)),
    ]
    try context.present(
      Document(
        schema: "stele.secret.rm", fields: fields, records: [fields],
        text: ["removed \(secret.name) of \(environment), at position \(position)"]),
      as: output.output)
  }
}
