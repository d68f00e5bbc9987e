import ArgumentParser
import Operations

/// `stele reject`: stops a plan.
package struct RejectCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "reject", abstract: "Refuse a plan that waits for approvals.",
    discussion: """
      One no stops the plan, however many approve it, until whoever said it approves or withdraws.

        $ stele reject production --plan 3f2a91c04d11 --comment "not before the sale"
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var words: ApprovalOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.say(.reject, in: environment, words, identity, as: output.output)
  }
}
