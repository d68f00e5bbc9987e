import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele review close`: says whether it was right to break the glass.
package struct ReviewCloseCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "close", abstract: "Close a review, with a finding and why.",
    discussion: """
      Whoever broke the glass does not close the review.

        $ stele review close production 3 --finding justified --rationale "INC-204: site was down"
      """)

  @Argument(help: "development, staging or production.") var environment: String
  @Argument(help: "The review's number in the environment.") var number: Int
  @Option(help: "justified or unjustified.") var finding: ReviewFinding
  @Option(help: "Why, in your own words; kept where it can be erased.") var rationale: String
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try context.detect(named: environment).certain()
    let session = try context.appending()
    let place = try await context.place(environment, in: session)
    let person = try await session.person(identity.credential(in: context))
    let (position, review) = try await ReviewWork(session).close(
      number, in: place, as: finding, by: person, rationale: rationale)
    let moment = try await session.now()
    try await session.close()
    var fields = ReviewView(review, at: moment.time).record
    fields["said"] = .integer(Int64(position))
    try context.present(
      Document(
        schema: "stele.review.close", fields: fields, records: [fields],
        text: [
          .line(
            "closed review \(number) of \(environment) as \(finding.rawValue), at position "
              + "\(position)")
        ]), as: output.output)
  }
}

extension ReviewFinding: ExpressibleByArgument {}
