import ArgumentParser
import Operations

/// `stele withdraw`: takes an approval or a rejection back.
package struct WithdrawCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take your approval or rejection of a plan back.",
    discussion: """
        $ stele withdraw production --plan 3f2a91c04d11 --comment "found a bug"
      """)

  @OptionGroup var environment: EnvironmentArgument
  @OptionGroup var words: ApprovalOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.say(.withdraw, in: environment, words, identity, as: output.output)
  }
}
