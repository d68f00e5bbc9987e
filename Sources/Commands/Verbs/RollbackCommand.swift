import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele rollback`: restores what an environment was.
package struct RollbackCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Restore what an environment was before.",
    discussion: """
      Build, configuration, replicas and flags of the previous good release, under a new number. A
      rollout that is under way is turned back first.

        $ stele rollback production
        $ stele rollback production --to production#3 --plan
      """)

  @OptionGroup var environment: EnvironmentArgument

  @Option(help: "Which release: production#812, production~2, production@2026-11-01T00:00Z.")
  var to: String?

  @Flag(help: "Show what would happen, and do nothing; exits 2 when something would.")
  var plan = false

  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).certain()
    let workspace = try context.workspace()
    let place = try context.place(environment, in: workspace)
    let session = try plan ? context.reading() : context.appending()
    try await context.withRuntimes(workspace) { runtimes in
      let work = RollbackWork(session, runtimes: runtimes)
      let planned = try await work.plan(place, to: to.map(context.selector))
      guard !plan else {
        try context.present(document(planned), as: output.output)
        throw Verdict(.different)
      }
      context.note(document(planned).text)
      try context.confirm(
        environment, "Restore \(place.environment)#\(planned.target.number)?", yes: consent.yes)
      let person = try await session.person(keyAt: identity.path(in: context))
      let view = try RolloutView(context, session, of: place, as: output.output)
      let end = try await work.rollBack(
        planned, by: person, reason: consent.reason,
        started: view.started, observer: view.show)
      try await view.finish(end)
    }
  }

  private func document(_ plan: RollbackWork.Plan) -> Document {
    let environment = plan.place.environment
    let from = plan.running.map { "\(environment)#\($0.release)" } ?? "nothing"
    var fields: JSONObject = [
      "build": .string(plan.build.description),
      "cannotUndo": .array(RollbackWork.cannotUndo.map(JSONValue.string)),
      "difference": .array(plan.difference.map { .object($0.json) }),
      "environment": .string(environment.rawValue),
      "restores": .integer(Int64(plan.target.number)),
    ]
    fields["running"] = plan.running.map { .integer(Int64($0.release)) }
    fields["interrupts"] = plan.interrupts.map { .string("\($0)") }
    var text: [Passage] = [
      "from \(from), build \(plan.running?.build.shortText ?? "-")",
      "to   what \(environment)#\(plan.target.number) was, build \(plan.build.shortText)",
    ]
    if let open = plan.interrupts { text.append("deployment \(open) is turned back first") }
    if !plan.difference.isEmpty { text += [""] + plan.difference.passages }
    text += ["", "It cannot undo:"]
    text += RollbackWork.cannotUndo.map { .hanging("  " + $0, indent: 4) }
    return Document(
      schema: "stele.rollback.plan", fields: fields, records: [fields], text: text)
  }
}
