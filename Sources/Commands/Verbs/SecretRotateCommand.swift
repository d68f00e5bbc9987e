import ArgumentParser
import Operations

/// `stele secret rotate`: replaces a secret for good.
package struct SecretRotateCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Set a new version of a secret, and retire the ones before it.",
    discussion: """
      No rollback brings a retired version back; its value is deleted here. Whatever accepts the \
      old one goes on doing so until you stop it there.

        $ stele secret rotate production database-password < new-password
      """)

  @OptionGroup var secret: SecretArguments
  @OptionGroup var value: SecretValueOptions
  @OptionGroup var opening: OpeningOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await secret.set(
      .rotating, value.read(in: context), opening.opening(in: context), consent, identity, output,
      in: context)
  }
}
