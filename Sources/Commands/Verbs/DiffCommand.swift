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
        $ stele diff staging..production
        $ stele diff production@2026-11-01Z production@2026-12-01Z
      """)

  @Argument(
    help: "A release: production~1, production#811, staging, production@2026-11-01Z; or A..B.")
  var from: String

  @Argument(help: "Another release, unless both were named as A..B.")
  var to: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let range = try range(in: context)
    let session = try context.reading()
    let application = try await context.application(of: session)
    let state = try await session.state()
    let left = try release(range.from, application, state)
    let right = try release(range.to, application, state)
    let differences = ConfigurationDifference.all(
      from: left.configuration, to: right.configuration ?? [:])
    let isSame = differences.isEmpty && left.release.build == right.release.build
    try context.present(document(left.release, right.release, differences), as: output.output)
    if !isSame { throw Verdict(.different) }
  }

  private func range(in context: CommandContext) throws -> SelectorRange {
    guard let to else { return try context.selectorRange(from) }
    return SelectorRange(from: try context.selector(from), to: try context.selector(to))
  }

  private func release(
    _ selector: Selector, _ application: ApplicationName, _ state: LedgerState
  ) throws -> (release: Releases.Release, configuration: JSONObject?) {
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
    var text: [Passage] = []
    if left.build != right.build {
      text.append("build  \(left.build?.shortText ?? "-") → \(right.build?.shortText ?? "-")")
    }
    if !differences.isEmpty { text += differences.passages }
    var fields: JSONObject = [
      "difference": .array(changed.map(JSONValue.object)), "from": .object(left.json),
      "to": .object(right.json),
    ]
    fields["same"] = .bool(text.isEmpty)
    return Document(
      schema: "stele.diff", fields: fields, records: buildRecords(left, right) + changed,
      of: "stele.diff.field",
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
