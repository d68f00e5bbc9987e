import ArgumentParser
import Environments
import Operations

/// `stele secret recipient rm`.
package struct SecretRecipientRemoveCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Seal an environment's secrets anew, for the others alone.",
    discussion: """
      What they have opened before they still know, and a copy of the old file opens still: rotate \
      what matters.

        $ stele secret recipient rm production passphrase
      """)

  @OptionGroup var recipient: RecipientArguments
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var consent: AssentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (session, work, environment) = try await recipient.work(consent, identity, in: context)
    try await work.remove(recipient.recipient, opening: opening.opening(in: context))
    try await session.close()
    try context.present(
      recipient.document("rm", "does not open", environment), as: output.output)
  }
}
