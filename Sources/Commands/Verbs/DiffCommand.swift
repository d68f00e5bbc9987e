import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele diff`: what two releases differ in.
package struct DiffCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what two releases differ in; exits 2 when they do.",
    discussion: """
        $ stele diff production~1 production
        $ stele diff staging production
      """)

  @Argument(help: "A release: production~1, production#811, staging.")
  var from: String

  @Argument(help: "Another release.")
  var to: String

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let workspace = try context.workspace()
    let application = try ProjectFiles(workspace).application().description.name
    let state = try await context.reading().state()
    let left = try release(from, application, state)
    let right = try release(to, application, state)
    let differences = ConfigurationDifference.all(
      from: left.configuration, to: right.configuration ?? [:])
    let isSame = differences.isEmpty && left.release.build == right.release.build
    try context.present(document(left.release, right.release, differences), as: output.output)
    if !isSame { throw Verdict(.different) }
  }

  private func release(
    _ word: String, _ application: ApplicationName, _ state: LedgerState
  ) throws -> (release: Releases.Release, configuration: JSONObject?) {
    let selector = try Selector(parsing: word)
    let release = try state.releases.resolve(selector, of: application)
    let applied = release.configurationVersion.flatMap {
      state.configurations.version($0, in: Place(application, selector.environment))
    }
    return (release, applied?.configuration)
  }

  private func document(
    _ left: Releases.Release, _ right: Releases.Release,
    _ differences: [ConfigurationDifference]
  ) -> Document {
    let changed = differences.map(\.json)
    var text: [String] = []
    if left.build != right.build {
      text.append("build  \(left.build?.shortText ?? "-") → \(right.build?.shortText ?? "-")")
    }
    if !differences.isEmpty { text += differences.lines }
    var fields: JSONObject = [
      "difference": .array(changed.map(JSONValue.object)), "from": .object(left.json),
      "to": .object(right.json),
    ]
    fields["same"] = .bool(text.isEmpty)
    return Document(
      schema: "stele.diff", fields: fields, records: buildRecords(left, right) + changed,
      text: text.isEmpty ? ["no difference"] : text)
  }

  /// The build as if it were a field, for the formats that have one line a difference.
  private func buildRecords(
    _ left: Releases.Release, _ right: Releases.Release
  ) -> [JSONObject] {
    guard left.build != right.build else { return [] }
    var record: JSONObject = ["path": "build"]
    record["before"] = left.build.map { .string($0.description) }
    record["after"] = right.build.map { .string($0.description) }
    return [record]
  }
}
