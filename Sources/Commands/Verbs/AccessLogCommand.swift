import ArgumentParser
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Operations

/// `stele access log`: what was decided.
package struct AccessLogCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List access decisions, newest last.",
    discussion: """
      A decision is numbered in its environment without a gap. A denial that was repeated within \
      its minute stands for all of them, with a count. A release lists what was decided while it \
      was the newest, A..B what was decided from one release to the end of another.

        $ stele access log production --denied
        $ stele access log production~1..production
        $ stele access log --actor 01992f3b --from 2026-11-01Z --output csv
      """)

  @Argument(
    help: ArgumentHelp(
      "production, production#812, production~1..production; otherwise all decisions.",
      valueName: "releases"))
  var releases: String?

  @Option(help: "Only what this actor asked for, by id or the beginning of it.")
  var actor: String?

  @Flag(help: "Only denials.") var denied = false
  @Option(help: "Recorded at this UTC time or later, like 2026-11-01Z.") var from: String?
  @Option(help: "Recorded before this UTC time.") var until: String?
  @Option(help: "How many decisions, the newest.") var limit: Int?
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit is 1 or more, not \(limit)") }
  }

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let filter = EntryFilter(
      kind: KindSelection(AccessDecided.kind), from: try from.map(Timestamp.init(argument:)),
      until: try until.map(Timestamp.init(argument:))
    )
    let range = try await context.range(releases, filter, in: session)
    let decisions = try session.ledger.read { reader in
      try range.positions(in: reader).flatMap { position in
        try reader.entry(at: position).read().events.compactMap(ShownDecision.init)
      }
    }.filter { isMeant($0) }
    let shown = limit.map { Array(decisions.suffix($0)) } ?? decisions
    try context.present(document(shown), as: output.output)
  }

  private func isMeant(_ shown: ShownDecision) -> Bool {
    (!denied || shown.decided.decision == .deny)
      && (actor.map { "\(shown.decided.actor)".hasPrefix($0.lowercased()) } ?? true)
  }

  private func document(_ decisions: [ShownDecision]) -> Document {
    var table = Table(
      .init("POSITION", .right), .init("RECORDED"), .init("DECISION"),
      .init("ACTION", .left, .wraps(comfort: 12)), .init("ENVIRONMENT", .left, .yields),
      .init("REASONS", .left, .wraps(comfort: 12)),
      .init("COUNT", .right, .yields), .init("ACTOR", .left, .yields))
    for one in decisions {
      table.add(
        "\(one.recorded.position)", one.recorded.recorded.seconds, one.decided.decision.rawValue,
        one.decided.action.rawValue, one.recorded.environment?.rawValue ?? "-",
        one.decided.reasons.map(\.rawValue).joined(separator: ", "), "\(one.decided.count)",
        "\(one.decided.actor)")
    }
    let records = decisions.map(\.json)
    return Document(
      schema: "stele.access.log", fields: ["decisions": .array(records.map(JSONValue.object))],
      records: records, of: "stele.access.log.decision",
      text: decisions.isEmpty ? ["no decision matches"] : [.table(table)])
  }
}

/// One decision where it stands.
private struct ShownDecision {
  let recorded: Recorded
  let decided: AccessDecided

  init?(_ recorded: Recorded) {
    guard case .access(.decided(let decided)) = recorded.event else { return nil }
    self.recorded = recorded
    self.decided = decided
  }

  var json: JSONObject {
    var object: JSONObject = [
      "action": .string(decided.action.rawValue), "actor": .string("\(decided.actor)"),
      "count": .integer(Int64(decided.count)), "decision": .string(decided.decision.rawValue),
      "number": .integer(Int64(recorded.version)), "position": .integer(Int64(recorded.position)),
      "reasons": .array(decided.reasons.map { .string($0.rawValue) }),
      "recorded": .string("\(recorded.recorded)"),
    ]
    object["application"] = decided.application.map { .string($0.rawValue) }
    object["environment"] = recorded.environment.map { .string($0.rawValue) }
    return object
  }
}
