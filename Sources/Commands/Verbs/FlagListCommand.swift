import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele flag list`: features and flags, as they run and as they are wanted.
package struct FlagListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the flags of an environment, running and wanted.",
    discussion: """
      WANTED is what a deployment would bring now, and where that is said; of a release or a \
      moment, what that wanted.

        $ stele flag list production
        $ stele flag list production~1
      """)

  @OptionGroup var environment: SelectorArgument
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (environment, selector) = try environment.parse(in: context)
    let rows =
      if let selector {
        try await recorded(selector, in: context)
      } else {
        try await current(environment, in: context)
      }
    try context.present(document(rows, environment), as: output.output)
  }

  /// One name: absent values are those that nothing has said.
  private struct Row {
    let name: String
    let running: FlagValue?
    let wanted: FlagValue?
    let source: String

    var json: JSONObject {
      var object: JSONObject = ["name": .string(name), "source": .string(source)]
      object["running"] = running?.json
      object["type"] = (wanted ?? running).map { .string($0.kind.rawValue) }
      object["wanted"] = wanted?.json
      return object
    }
  }

  private func current(
    _ environment: KnownEnvironment, in context: CommandContext
  ) async throws -> [Row] {
    let workspace = try context.workspace()
    let project = try await context.resolve(environment, in: workspace)
    let wanted = project.resolved.environment.features
    let running =
      workspace.hasLedger
      ? try await running(in: project.resolved.place, context.reading()) : []
    let gone = running.filter { wanted[$0.name] == nil }
    return wanted.map { flag in
      Row(
        name: flag.name, running: running[flag.name]?.value, wanted: flag.value,
        source: project.sayings(of: "features.\(flag.name)").last.map { "\($0.position)" } ?? "-")
    } + gone.map { Row(name: $0.name, running: $0.value, wanted: nil, source: "-") }
  }

  private func running(in place: Place, _ session: Session) async throws -> [FeatureFlag] {
    let state = try await session.state()
    guard let running = state.running.running(in: place),
      let applied = state.configurations.version(running.configurationVersion, in: place)
    else { return [] }
    return try EnvironmentConfiguration(recorded: applied.configuration).features
  }

  private func recorded(_ selector: Selector, in context: CommandContext) async throws -> [Row] {
    let released = try await context.released(selector)
    return try EnvironmentConfiguration(recorded: released.applied.configuration).features.map {
      Row(
        name: $0.name, running: nil, wanted: $0.value, source: $0.isSet ? "stele flag set" : "files"
      )
    }
  }

  private func document(_ rows: [Row], _ environment: KnownEnvironment) -> Document {
    var table = Table(
      .init("FLAG", .left, .wraps(comfort: 16)), .init("RUNNING", .left, .cuts(comfort: 8)),
      .init("WANTED", .left, .cuts(comfort: 8)), .init("FROM", .left, .yields))
    for row in rows {
      func shown(_ value: FlagValue?) -> String {
        value.map { Secrecy.shown($0.text, at: row.name) } ?? "-"
      }
      table.add(row.name, shown(row.running), shown(row.wanted), row.source)
    }
    let records = rows.map(\.json)
    return Document(
      schema: "stele.flag.list",
      fields: [
        "environment": .string(environment.rawValue),
        "flags": .array(records.map(JSONValue.object)),
      ], records: records, of: "stele.flag.list.flag",
      text: rows.isEmpty ? ["\(environment) has no flag"] : [.table(table)])
  }
}
