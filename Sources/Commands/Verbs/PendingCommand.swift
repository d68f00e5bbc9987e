import ArgumentParser
import CanonicalJSON
import Environments
import Operations
import Projections

/// `stele pending`: what waits for people.
package struct PendingCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "pending", abstract: "Show plans that wait for approvals, now or at a moment.",
    discussion: """
      A plan waits from when somebody asked for it until its environment takes another release. \
      With an environment, each is shown whole, as its approvers see it.

        $ stele pending
        $ stele pending production --at 2026-11-01Z
      """)

  @Argument(help: "development, staging or production; otherwise all.")
  var environment: String?

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let named = try environment.map(KnownEnvironment.init(argument:))
    let moment = try await at.moment(of: context.reading(), in: context)
    let plans = moment.state.approvals.all
      .filter { named == nil || $0.place.environment == named?.name }
      .map { PlanView($0, moment) }
    try context.present(document(plans, isWhole: named != nil), as: output.output)
  }

  private func document(_ plans: [PlanView], isWhole: Bool) -> Document {
    let records = plans.map(\.record)
    return Document(
      schema: "stele.pending", fields: ["plans": .array(records.map(JSONValue.object))],
      records: records, of: "stele.pending.plan", text: text(plans, isWhole: isWhole))
  }

  private func text(_ plans: [PlanView], isWhole: Bool) -> [Passage] {
    guard !plans.isEmpty else { return ["no plan waits"] }
    guard !isWhole else { return Array(plans.map(\.passages).joined(separator: [""])) }
    var table = PlanView.table
    for plan in plans { plan.add(to: &table) }
    return [.table(table)]
  }
}
