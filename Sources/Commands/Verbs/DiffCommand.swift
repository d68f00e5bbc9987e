import ArgumentParser
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Operations
import Projections

/// `stele diff`: what two releases differ in.
package struct DiffCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what two releases differ in; exits 2 when they do.",
    discussion: """
      An environment in which nothing has succeeded by then is what its newest release was to be.

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
    let left = try Side(range.from, application, state, context)
    let right = try Side(range.to, application, state, context)
    guard left.release != nil || right.release != nil else {
      context.note("Nothing was compared: nothing was recorded of either by then.")
      throw Verdict(.inconclusive)
    }
    let differences = ConfigurationDifference.all(
      from: left.configuration, to: right.configuration ?? [:])
    let isSame = differences.isEmpty && left.release?.build == right.release?.build
    try context.present(document(left.release, right.release, differences), as: output.output)
    if !isSame { throw Verdict(.different) }
  }

  private func range(in context: CommandContext) throws -> SelectorRange {
    guard let to else { return try context.selectorRange(from) }
    return SelectorRange(from: try context.selector(from), to: try context.selector(to))
  }

  private func document(
    _ left: Releases.Release?, _ right: Releases.Release?,
    _ differences: [ConfigurationDifference]
  ) -> Document {
    let changed = differences.map(\.json)
    var text: [Passage] = []
    if left?.build != right?.build {
      text.append("build  \(left?.build?.shortText ?? "-") → \(right?.build?.shortText ?? "-")")
    }
    if !differences.isEmpty { text += differences.passages }
    var fields: JSONObject = ["difference": .array(changed.map(JSONValue.object))]
    fields["from"] = left.map { .object($0.json(outcome: $0.outcome)) }
    fields["to"] = right.map { .object($0.json(outcome: $0.outcome)) }
    fields["same"] = .bool(text.isEmpty)
    return Document(
      schema: "stele.diff", fields: fields, records: buildRecords(left, right) + changed,
      of: "stele.diff.field",
      text: text.isEmpty ? ["no difference"] : text)
  }

  /// The build as if it were a field, for the formats that have one line a difference.
  private func buildRecords(
    _ left: Releases.Release?, _ right: Releases.Release?
  ) -> [JSONObject] {
    guard left?.build != right?.build else { return [] }
    var record: JSONObject = ["path": "build"]
    record["before"] = left?.build.map { .string($0.description) }
    record["after"] = right?.build.map { .string($0.description) }
    return [record]
  }
}

extension DiffCommand {
  /// One of the two that are compared.
  private struct Side {
    /// Nil where nothing was recorded by then.
    let release: Releases.Release?
    let configuration: JSONObject?

    /// - Throws: `SelectorError` for a release that there is not.
    init(
      _ selector: Selector, _ application: ApplicationName, _ state: LedgerState,
      _ context: CommandContext
    ) throws {
      let place = Place(application, selector.environment)
      do {
        release = try state.releases.resolve(selector, of: application)
      } catch {
        guard let moment = selector.moment(now: context.time.now()) else { throw error }
        release = state.releases.newest(in: place, by: moment)
        let taken = release.map { "\(place.environment)#\($0.number), \($0.outcome.rawValue)" }
        context.note("\(selector): nothing has succeeded by then, it is \(taken ?? "nothing")")
      }
      configuration = release?.configurationVersion.flatMap {
        state.configurations.version($0, in: place)?.configuration
      }
    }
  }
}

extension Selector {
  /// When it is, if it names a moment and no release.
  fileprivate func moment(now: Timestamp) -> Timestamp? {
    switch choice {
    case .time(let time): time
    case .goodBefore(0): now
    case .goodBefore, .number: nil
    }
  }
}
