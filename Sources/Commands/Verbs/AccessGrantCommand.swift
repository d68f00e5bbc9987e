import ArgumentParser
import Events
import Operations

/// `stele access grant`: somebody may act from now on.
package struct AccessGrantCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "grant", abstract: "Let somebody act in an environment.",
    discussion: """
      The administrator's key of this key ring signs. Nothing is granted that is not named: \
      neither another environment nor another role.

        $ stele access grant ada.pem --role deployer --environment staging --until 2027-01-01Z
        $ stele access grant 01992f3b --role operator --environment production --ticket OPS-12
      """)

  @OptionGroup var actor: ActorArgument
  @Option(help: "\(AccessRole.words).") var role: AccessRole
  @OptionGroup var reach: ReachOptions
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .grant(role, reach.reaching(), until: reach.end()), for: actor, on: grounds.grounds(),
      as: output.output)
  }
}
