import ArgumentParser
import Events
import Operations

/// `stele access review decide`: says of one grant that it stays or goes.
package struct AccessReviewDecideCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "decide", abstract: "Say of one grant that it stays or goes, and why.",
    discussion: """
      Nobody reviews a grant of their own.

        $ stele access review decide 01992f3b 2 --finding kept --rationale "on call until March"
        $ stele access review decide 01992f3b 3 --finding withdrawn --rationale "changed teams"
      """)

  @OptionGroup var actor: ActorArgument
  @Argument(help: "The grant's number, as `stele access review list` shows it.") var grant: Int
  @Option(help: "kept or withdrawn.") var finding: GrantFinding
  @Option(help: "Why, in your own words; kept where it can be erased.") var rationale: String
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await context.change(
      .review(grant: grant, finding), for: actor,
      on: AccessGrounds(reason: rationale, ticket: nil), as: output.output)
  }
}

extension GrantFinding: ExpressibleByArgument {}
