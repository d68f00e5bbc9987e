import Access
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

  @OptionGroup var asked: AskedOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let detection = try environment.detect(in: context)
    // Who only looks may be wrong about where; who changes something may not.
    let environment = plan ? detection.environment : try detection.certain()
    let workspace = try context.workspace()
    let place = try await context.placeToRestore(environment, in: context.reading())
    let selector = try to.map(context.selector)
    try await context.withRuntimes(workspace, identity) { runtimes in
      guard plan else { return try await rollBack(place, to: selector, runtimes, in: context) }
      let work = RollbackWork(try context.reading(), runtimes: runtimes)
      let planned = try await work.plan(place, to: selector)
      try context.present(document(planned), as: output.output)
      throw Verdict(.different)
    }
  }

  private func rollBack(
    _ place: Place, to selector: Selector?, _ runtimes: any RuntimeProvider,
    in context: CommandContext
  ) async throws {
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    let change = try await asked.capture(in: context)
    let authorization = try await session.authorize(.rollBack, by: person, in: place)
    let work = RollbackWork(session, runtimes: runtimes)
    let planned = try await work.plan(place, to: selector)
    context.note(document(planned).text)
    try context.confirm(
      KnownEnvironment(argument: place.environment.rawValue),
      planned.restored.map { "Restore \(place.environment)#\($0.release.number)?" }
        ?? "Turn the first deployment of \(place.environment) back?", yes: consent.yes)
    let view = try RolloutView(context, session, of: place, as: output.output)
    let (end, isAsWanted) = try await view.driving {
      try await work.rollBack(
        planned, by: person, on: RollbackWork.Grounds(change: change, reason: consent.reason),
        resting: authorization,
        waiting: { lease in
          context.note(
            "Asked process \(lease.process.pid) to turn back deployment \(lease.deployment); if it "
              + "does not answer, this takes over at \(lease.until.seconds).")
        }, started: view.started, observer: view.show)
    }
    try await view.finish(end, isAsWanted: isAsWanted)
  }

  private func document(_ plan: RollbackWork.Plan) -> Document {
    let environment = plan.place.environment
    let from = plan.running.map { "\(environment)#\($0.release)" } ?? "nothing"
    let difference = plan.restored?.difference ?? []
    var fields: JSONObject = [
      "cannotUndo": .array(RollbackWork.cannotUndo.map(JSONValue.string)),
      "difference": .array(difference.map { .object($0.json) }),
      "environment": .string(environment.rawValue),
    ]
    let retired = plan.restored?.retired ?? []
    fields["retired"] = .array(
      retired.map {
        [
          "given": .integer(Int64($0.newest)), "name": .string($0.name.rawValue),
          "secretVersion": .integer(Int64($0.version)),
        ]
      })
    fields["build"] = plan.restored.map { .string($0.build.description) }
    fields["restores"] = plan.restored.map { .integer(Int64($0.release.number)) }
    fields["running"] = plan.running.map { .integer(Int64($0.release)) }
    fields["interrupts"] = plan.interrupts.map { .string("\($0)") }
    var text: [Passage] = [
      "from \(from), build \(plan.running?.build.shortText ?? "-")",
      plan.restored.map {
        "to   what \(environment)#\($0.release.number) was, build \($0.build.shortText)"
      } ?? "to   nothing: no release of \(environment) ever ran healthy",
    ]
    if let open = plan.interrupts { text.append("deployment \(open) is turned back first") }
    if !difference.isEmpty { text += [""] + difference.passages }
    text += retired.map {
      .line("\($0.name) \($0.version) is retired: \($0.newest), the newest, is given instead")
    }
    text += ["", "It cannot undo:"]
    text += RollbackWork.cannotUndo.map { .hanging("  " + $0, indent: 4) }
    return Document(
      schema: "stele.rollback.plan", fields: fields, records: [fields], text: text)
  }
}
