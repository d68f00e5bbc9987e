import ArgumentParser
import Operations

/// `stele approve`: agrees to exactly one plan.
package struct ApproveCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Agree to a plan that waits for approvals.",
    discussion: """
      Shows the plan as the ledger has it, and signs its digest with your key. It counts for that \
      plan alone: another build, configuration, policy or release in between needs approvals of \
      its own. `stele pending` lists what waits.

        $ stele approve production --plan 3f2a91c04d11 --comment "load test passed"
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var words: ApprovalOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.say(
      .approve, in: environment, words, identity, as: output.output)
  }
}
