import ArgumentParser
import Environments
import Operations

/// `stele secret recipient add`.
package struct SecretRecipientAddCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Let a key file, a passphrase or a key of age open secrets.",
    discussion: """
      The first secret of an environment makes a key file in the key ring by itself. An agent, \
      which nobody answers, opens secrets with that file alone.

        $ stele secret recipient add production $(age-keygen -y /mnt/usb/production.age)
        $ stele secret recipient add production passphrase
      """)

  @OptionGroup var recipient: RecipientArguments
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var consent: AssentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (session, work, environment) = try await recipient.work(consent, identity, in: context)
    let others = try await work.add(
      recipient.recipient, opening: opening.opening(in: context),
      passphrase: opening.newPassphrase(in: context))
    try await session.close()
    for other in others {
      context.warn("it opens \(other) as well: each environment should have its own")
    }
    try context.present(
      recipient.document("add", "opens", environment), as: output.output)
  }
}
