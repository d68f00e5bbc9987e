import Access
import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele promote`: brings exactly what one environment has proven into another.
package struct PromoteCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Bring what one environment has proven into another.",
    discussion: """
      The very build that runs there, or that a release named there ran, with what config/ says of
      the environment that it goes to. A build that never ran healthy where it comes from is denied,
      unless `promotion: any` stands in config/policy.yaml. Exits as `stele deploy` does.

        $ stele promote staging production
        $ stele promote staging#12 production --plan
      """)

  @Argument(help: "Where it comes from: staging, or a release such as staging#12, staging~1.")
  var from: String

  @Argument(help: "Where it goes to: development, staging or production.")
  var to: String

  @Flag(
    help:
      "Show what would happen, and do nothing; exits 2 when something would, 3, 4 or 6 when denied."
  )
  var plan = false

  @OptionGroup var glass: GlassOptions
  @OptionGroup var asked: AskedOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws { try glass.check(consent) }

  package func run(in context: CommandContext) async throws {
    let selector = try from.isSelector ? context.selector(from) : nil
    let source = try KnownEnvironment(argument: selector?.environment.rawValue ?? from)
    let detection = try context.detect(named: to)
    let target = plan ? detection.environment : try detection.certain()
    guard source != target else {
      throw ValidationError("'\(from)' and '\(to)' are one environment: name two")
    }
    let workspace = try context.workspace()
    let project = try context.load(target, in: workspace)
    let policy = try context.files(of: workspace).policy()
    guard plan else {
      return try await promote(from: source, selector, to: project, policy, in: context)
    }
    let session = try context.reading()
    let planned = try await PromoteWork(session).plan(
      from: source, selector, to: session.wanted(project).resolved, by: policy)
    try context.present(document(planned, target), as: output.output)
    guard planned.judgement.isAllowed else {
      context.note(planned.judgement.brokenRules.joined(separator: "\n"))
      throw Verdict(planned.judgement.denialStatus)
    }
    throw Verdict(.different)
  }

  private func promote(
    from source: KnownEnvironment, _ selector: Selector?, to project: LoadedProject,
    _ policy: Policy, in context: CommandContext
  ) async throws {
    let target = project.environment.configuration.name
    let session = try context.appending()
    let configuration = try await session.wanted(project).resolved
    let person = try await session.person(identity.credential(in: context))
    let change = try await asked.capture(in: context)
    let authorization = try await session.authorize(
      glass.action, by: person, in: configuration.place)
    let planned = try await PromoteWork(session).plan(
      from: source, selector, to: configuration, by: policy)
    context.note(document(planned, target).text)
    // What is denied is not asked about: the denial is recorded, and the command ends with it.
    try context.confirm(
      target, "\(glass.words("promote")) build \(planned.build.shortText) to \(target)?",
      yes: consent.yes || !(planned.judgement.isAllowed || glass.breakGlass))
    let view = try RolloutView(context, session, of: configuration.place, as: output.output)
    let end = try await view.driving {
      try await context.withRuntimes(session.workspace, identity) { runtimes in
        try await DeployWork(session, runtimes: runtimes).deploy(
          DeploymentWish(
            configuration: configuration, policy: policy, build: planned.build, cause: .deployment,
            promotes: planned.promotes, change: change, reason: consent.reason,
            breaksGlass: glass.breakGlass), by: person,
          resting: authorization, started: view.started, observer: view.show)
      }
    }
    try await view.finish(end)
  }

  private func document(_ plan: PromoteWork.Plan, _ target: KnownEnvironment) -> Document {
    let proofs = plan.proofs.map { proof -> JSONValue in
      var object: JSONObject = ["environment": .string(proof.environment.rawValue)]
      object["release"] = proof.release.map { .integer(Int64($0)) }
      return .object(object)
    }
    let fields: JSONObject = [
      "build": .string(plan.build.description),
      "difference": .array(plan.difference.map { .object($0.json) }),
      "environment": .string(target.rawValue), "plan": .string("\(plan.plan)"),
      "promotes": .string("\(plan.promotes)"),
      "proofs": .array(proofs),
    ]
    var text: [Passage] = [
      "from \(plan.promotes), build \(plan.build.shortText)", "to   \(target)",
    ]
    text += plan.proofs.map { proof in
      proof.release.map { "ran healthy as \(proof.environment)#\($0)" }
        ?? "never ran healthy in \(proof.environment), as the policy wants it"
    }
    if let rule = plan.approvals {
      text.append("plan \(plan.plan.shortText) needs approvals: \(rule.quorum)")
    }
    if !plan.difference.isEmpty {
      text += ["", "It was proven with another configuration:"] + plan.difference.passages
    }
    return Document(
      schema: "stele.promote.plan", fields: fields, records: [fields], text: text)
  }
}
