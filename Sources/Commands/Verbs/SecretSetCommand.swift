import ArgumentParser
import Operations

/// `stele secret set`: gives a secret a new version.
package struct SecretSetCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set a secret of an environment, from stdin.",
    discussion: """
      The value comes from stdin, or is typed without being shown; it is never an argument. A line \
      end after it is left out, unless --exact is said. Versions before it stay for rollbacks.

        $ stele secret set staging database-password < password
        $ pwgen -s 40 1 | stele secret set production database-password --reason OPS-7
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
      .setting, value.read(in: context), opening.opening(in: context), consent, identity, output,
      in: context)
  }
}
