import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections
import Rollouts

/// `stele replay`: a deployment again, step by step, from the ledger alone.
package struct ReplayCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Go through a deployment again, from the ledger alone.",
    discussion: """
      Shows what was learnt, with the numbers, the state before and after, and the decision that
      followed. Nothing runs and nothing is asked: it works on any copy of the ledger.

        $ stele replay 01a2ce8f-9108-73d1-8e3f-b9bf65679957 --step 12
      """)

  @Argument(help: "An id as `stele releases` shows it, or a release: production, production~2.")
  var deployment: String

  @Option(help: "One step, from 1.")
  var step: Int?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let id = try await deployment(in: session, context)
    guard let replay = try await session.replay(of: id) else {
      throw DeploymentError.unknown(deployment)
    }
    var steps = Array(replay.steps.enumerated())
    if let step {
      guard steps.indices.contains(step - 1) else {
        throw ValidationError("--step is from 1 to \(steps.count)")
      }
      steps = [steps[step - 1]]
    }
    let records = steps.map { $0.element.json(number: $0.offset + 1) }
    try context.present(
      Document(
        schema: "stele.replay",
        fields: [
          "agrees": .bool(replay.disagreements.isEmpty), "deployment": .string("\(id)"),
          "disagreements": .array(replay.disagreements.map { .integer(Int64($0)) }),
          "environment": .string(replay.history.environment.rawValue),
          "steps": .array(records.map(JSONValue.object)),
        ], records: records, of: "stele.replay.step",
        text: steps.flatMap { $0.element.passages(number: $0.offset + 1, isWhole: step != nil) }
          + [""] + replay.closing.map(Passage.line)), as: output.output)
    if !replay.disagreements.isEmpty { throw Verdict(.negative) }
  }

  /// An id, or a release whose deployment is meant; a plain environment is its newest deployment.
  private func deployment(in session: Session, _ context: CommandContext) async throws
    -> DeploymentID
  {
    if let id = try? DeploymentID(parsing: deployment) { return id }
    let selector = try context.selector(deployment)
    let application = try await context.application(of: session)
    let state = try await session.state()
    let newest = state.deployments.latest(in: Place(application, selector.environment))
    if selector.choice == .goodBefore(0), let newest { return newest.id }
    let release = try state.releases.resolve(selector, of: application)
    guard let id = release.deployment else { throw DeploymentError.unknown(deployment) }
    return id
  }
}

extension DeploymentReplay {
  fileprivate var closing: [String] {
    let end = history.end.map { "it ended: \($0.word)" } ?? "it has no end yet"
    let agreement =
      disagreements.isEmpty
      ? "every recorded decision follows from the recorded facts"
      : "recorded decisions that do NOT follow: entries "
        + disagreements.map(String.init).joined(separator: ", ")
    return ["\(history.environment)#\(history.started.release), \(end)", agreement]
  }
}

extension DeploymentReplay.Step {
  fileprivate func passages(number: Int, isWhole: Bool) -> [Passage] {
    var lines = ["\(number). +\(sinceStartMs) ms  \(what)"]
    if isWhole { lines.append("     entry   \(position)") }
    if isWhole || before != after { lines.append("     before  \(before)") }
    if isWhole || before != after { lines.append("     after   \(after)") }
    lines += decisions.map { "     → \($0)" }
    return lines.map { .hanging($0, indent: 13) }
  }

  fileprivate func json(number: Int) -> JSONObject {
    var object: JSONObject = [
      "after": .string(after), "before": .string(before),
      "decisions": .array(decisions.map(JSONValue.string)), "position": .integer(Int64(position)),
      "recorded": .string(recorded.description), "sinceStartMs": .integer(sinceStartMs),
      "step": .integer(Int64(number)), "what": .string(what),
    ]
    object["probe"] = probe.map { .object($0.json) }
    return object
  }
}

extension DeploymentReplay.Probe {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "failures": .integer(Int64(failures)), "failuresAllowed": .integer(Int64(failuresAllowed)),
      "latencyUs": .integer(result.latencyMicroseconds), "passes": .integer(Int64(passes)),
      "passesNeeded": .integer(Int64(passesNeeded)), "reason": .string(result.reason),
      "verdict": .string(result.verdict.rawValue),
    ]
    object["status"] = result.status.map { .integer(Int64($0)) }
    return object
  }
}
