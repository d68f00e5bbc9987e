import ArgumentParser
import CanonicalJSON
import Environments
import Operations
import Projections

/// `stele review list`: every review, open or closed, in time or not.
package struct ReviewListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List reviews, now or at a moment; exits 1 when the deadline of an open one is over.",
    discussion: """
        $ stele review list production
        $ stele review list --at 2026-11-01Z --output csv
      """)

  @Argument(help: "development, staging or production; otherwise all.")
  var environment: String?

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let named = try environment.map(KnownEnvironment.init(argument:))
    let moment = try await at.moment(of: context.reading(), in: context)
    let reviews = moment.state.reviews.all
      .filter { named == nil || $0.place.environment == named?.name }
      .map { ReviewView($0, at: moment.time) }
    try context.present(ReviewView.document(reviews), as: output.output)
    if reviews.contains(where: \.isOverdue) { throw Verdict(.negative) }
  }
}
