import ArgumentParser
import Operations

/// `stele access reinstate`: suspensions are over.
package struct AccessReinstateCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "reinstate", abstract: "End every suspension of somebody.")

  @OptionGroup var actor: ActorArgument
  @OptionGroup var grounds: GroundsOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(.reinstate, for: actor, on: grounds.grounds(), as: output.output)
  }
}
