import ArgumentParser
import Operations

/// `stele access identity rm`.
package struct AccessIdentityRemoveCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Let such a token prove nobody any more.",
    discussion: """
      Grants stay, and count for who has a key. One who has none can do nothing then.

        $ stele access identity rm 01992f3b 1
      """)

  @OptionGroup var actor: ActorArgument
  @Argument(help: "The identity's number, as `stele access identity list` shows it.")
  var number: Int
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .removeIdentity(number), for: actor, on: grounds.grounds(), as: output.output)
  }
}
