import ArgumentParser
import Operations

/// `stele access suspend`: a denial that wins over every grant.
package struct AccessSuspendCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "suspend", abstract: "Let somebody do nothing there, whatever is granted.",
    discussion: """
        $ stele access suspend 01992f3b --environment production --reason "key may be stolen"
      """)

  @OptionGroup var actor: ActorArgument
  @OptionGroup var reach: ReachOptions
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .suspend(reach.reaching(), until: reach.end()), for: actor, on: grounds.grounds(),
      as: output.output)
  }
}
