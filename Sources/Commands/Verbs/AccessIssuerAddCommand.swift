import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Tokens

/// `stele access issuer add`.
package struct AccessIssuerAddCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Let an issuer's tokens count, signed by the keys of a file.",
    discussion: """
      The administrator's key of this key ring signs. The keys are what the issuer publishes as \
      its jwks_uri, saved as it is: nothing is fetched, then or later. The same issuer again \
      replaces audience and keys, and tokens that older keys have signed count no more. A token \
      alone proves nobody: `stele access identity add` says whom it does.

        $ stele access issuer add https://token.actions.githubusercontent.com \\
            --audience stele --jwks github.json
      """)

  @Argument(help: "The issuer, every byte as its tokens have it in iss.") var issuer: String

  @Option(help: "Whom its tokens have to be for: aud.") var audience: String

  @Option(help: ArgumentHelp("Its public keys, a JSON Web Key Set.", valueName: "file"))
  var jwks: String

  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let grounds = try grounds.grounds()
    let (trusted, leftOut) = try IssuerWork.issuer(
      issuer, audience: audience, keys: context.absolute(jwks))
    let session = try context.administering()
    let position = try await IssuerWork(session).change(.add(trusted), on: grounds)
    try await session.close()
    for key in leftOut {
      context.warn("the key \(key.kid ?? "without a kid") is left out: \(key.reason)")
    }
    let fields: JSONObject = [
      "audience": .string(audience), "issuer": .string(issuer),
      "keys": .array(trusted.keys.map { .string($0.kid.text) }),
      "position": .integer(Int64(position)),
    ]
    try context.present(
      Document(
        schema: "stele.access.issuer.add", fields: fields, records: [fields],
        text: [
          "tokens of \(issuer) for \(audience) count, by \(trusted.keys.count) keys, "
            + "at position \(position)"
        ].map(Passage.line)), as: output.output)
  }
}
