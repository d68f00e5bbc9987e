import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele sync`: brings what runs back to what the ledger says.
package struct SyncCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Bring what runs back to what the ledger says.",
    discussion: """
      Starts replicas that are missing, replaces those that differ one after another behind the
      router, ends those that the ledger does not know, and tells the router again. It never brings
      what files say: `stele deploy` does. --plan shows what it would do, and exits 2 when that is
      anything.

        $ stele sync production --plan
        $ stele sync production
      """)

  @OptionGroup var environment: EnvironmentArgument

  @Flag(help: "Show what would be done, and do nothing.")
  var plan = false

  @OptionGroup var assent: AssentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).certain()
    if plan {
      try await show(environment, in: context)
    } else {
      try await synchronize(environment, in: context)
    }
  }

  private func show(_ environment: KnownEnvironment, in context: CommandContext) async throws {
    let session = try context.reading()
    let place = try await context.keptPlace(environment, in: session)
    let plan = try await context.withRuntimes(session.workspace, identity) { runtimes in
      try await SyncWork(session, runtimes: runtimes).plan(place)
    }
    let steps = plan.steps.map(\.json)
    try context.present(
      Document(
        schema: "stele.sync.plan",
        fields: [
          "environment": .string(environment.rawValue), "steps": .array(steps.map { .object($0) }),
        ], records: steps, of: "stele.sync.step",
        text: plan.isEmpty
          ? ["nothing to do: what runs is what the ledger says"]
          : plan.steps.map { .line($0.words) }), as: output.output)
    guard plan.isEmpty else { throw Verdict(.different) }
  }

  private func synchronize(
    _ environment: KnownEnvironment, in context: CommandContext
  ) async throws {
    let workspace = try context.workspace()
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    let place = try await context.keptPlace(environment, in: session)
    let files = await context.wantedFiles(environment, in: session)
    try context.confirm(environment, "Replace what differs in production?", yes: assent.yes)
    context.onInterrupt? { [style = context.style] in
      style.bad("stele: ") + """
        Interrupted: nobody brings \(environment) back now; what runs goes on running.
        See what differs with `stele drift \(environment)`, and go on with \
        `stele sync \(environment)`.

        """
    }
    let report = try await context.withRuntimes(workspace, identity) { runtimes in
      try await SyncWork(session, runtimes: runtimes).synchronize(
        place, files: files, by: person
      ) { context.note($0.words) }
    }
    try await session.close()
    try context.present(document(report, in: place), as: output.output)
    guard report.exitStatus == .success else { throw Verdict(report.exitStatus) }
  }

  private func document(_ report: SyncReport, in place: Place) -> Document {
    let view = DriftView(report.drift, in: place)
    let outcome = report.ended.map(\.outcome.rawValue) ?? "nothing"
    var fields = view.fields
    fields["outcome"] = .string(outcome)
    fields["reason"] = report.ended?.reason.map { .string($0.text) }
    let words: [Passage]
    switch report.ended {
    case nil: words = ["nothing to do: what runs is what the ledger says"]
    case let ended? where ended.outcome == .done: words = ["brought back to what the ledger says"]
    case let ended?:
      let next = "stele sync \(place.environment)"
      fields["next"] = .string(next)
      words = [
        .hanging("NOT brought back: \(ended.reason?.text ?? "no reason given")", indent: 2),
        .line("Mend that, then try again: \(next)"),
      ]
    }
    return Document(
      schema: "stele.sync", fields: fields, records: [fields], text: words + view.text)
  }
}

extension SyncPlan.Step {
  fileprivate var words: String {
    let names = instances.map(\.rawValue).joined(separator: ", ")
    return switch self {
    case .start: "start  \(names), and wait until it is well"
    case .route: "route  requests to \(names)"
    case .drain: "drain  \(names)"
    case .stop: "stop   \(names)"
    }
  }

  fileprivate var json: JSONObject {
    [
      "action": .string(action.rawValue),
      "instances": .array(instances.map { .string($0.rawValue) }),
    ]
  }
}
