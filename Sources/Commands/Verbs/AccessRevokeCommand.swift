import ArgumentParser
import Events
import Operations

/// `stele access revoke`: grants count no more.
package struct AccessRevokeCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Take somebody's grants away: those of a role, or all.",
    discussion: """
        $ stele access revoke 01992f3b --role deployer --reason "changed teams"
      """)

  @OptionGroup var actor: ActorArgument
  @Option(help: "Only grants of this role; otherwise all.") var role: AccessRole?
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .revoke(role), for: actor, on: grounds.grounds(), as: output.output)
  }
}
