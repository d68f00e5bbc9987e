import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele releases`: every number that an environment took.
package struct ReleasesCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "releases", abstract: "List the releases of an environment, newest last.",
    discussion: """
      A time lists those that there were by then, as they stood; A..B lists from one to another.

        $ stele releases production
        $ stele releases production@2026-11-01Z
        $ stele releases production#3..production
      """)

  @Argument(
    help: ArgumentHelp(
      "production, production#812, production@2026-11-01Z or A..B; otherwise detected.",
      valueName: "environment"))
  var word: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let wish = try ReleasesWish(word, in: context)
    let session = try context.reading()
    let place = try await context.place(wish.environment, in: session)
    let (releases, state) = try await wish.releases(in: place, session)
    let outcomes = releases.map { state.outcome(of: $0, in: place) }
    try context.present(
      document(Array(zip(releases, outcomes)), wish.environment), as: output.output)
  }

  private func document(
    _ releases: [(Releases.Release, Releases.Outcome)], _ environment: KnownEnvironment
  ) -> Document {
    var table = Table(
      .init("RELEASE"), .init("STARTED"), .init("CAUSE", .left, .wraps(comfort: 10)),
      .init("BUILD", .left, .yields), .init("CONFIGURATION", .right, .yields), .init("OUTCOME"),
      .init("DEPLOYMENT", .left, .yields))
    for (release, outcome) in releases {
      table.add(
        "\(environment)#\(release.number)", release.recorded.seconds, release.causeText,
        release.build?.shortText ?? "-", release.configurationVersion.map(String.init) ?? "-",
        outcome.rawValue, release.deployment.map { "\($0)" } ?? "-")
    }
    let records = releases.map { $0.json(outcome: $1) }
    return Document(
      schema: "stele.releases",
      fields: [
        "environment": .string(environment.rawValue),
        "releases": .array(records.map(JSONValue.object)),
      ], records: records, of: "stele.releases.release",
      text: releases.isEmpty ? ["\(environment) has no release yet"] : [.table(table)])
  }
}

/// Which releases somebody asked for.
private struct ReleasesWish {
  let environment: KnownEnvironment
  private let choice: Choice

  private enum Choice {
    case all
    case one(Selector)
    case range(SelectorRange)
  }

  init(_ word: String?, in context: CommandContext) throws {
    guard let word, word.contains("..") else {
      var argument = SelectorArgument()
      argument.word = word
      let (environment, selector) = try argument.parse(in: context)
      self.environment = environment
      choice = selector.map(Choice.one) ?? .all
      return
    }
    let range = try context.selectorRange(word)
    guard range.from.environment == range.to.environment else {
      throw ValidationError("\(range) are of two environments: `stele diff \(range)` compares them")
    }
    environment = try context.detect(named: range.to.environment.rawValue).environment
    choice = .range(range)
  }

  /// - Returns: They, and the state in which they stand so.
  func releases(
    in place: Place, _ session: Session
  ) async throws -> ([Releases.Release], LedgerState) {
    let state = try await session.state()
    let releases = state.releases
    switch choice {
    case .all: return (releases.all(in: place), state)
    case .one(let selector):
      guard case .time = selector.choice else {
        return ([try releases.resolve(selector, of: place.application)], state)
      }
      let then = try await session.moment(of: selector, in: place).state
      return (then.releases.all(in: place), then)
    case .range(let range):
      let first = try releases.resolve(range.from, of: place.application).number
      let last = try releases.resolve(range.to, of: place.application).number
      guard first <= last else {
        throw ValidationError("\(range.from) is after \(range.to): write it the other way round")
      }
      return (releases.all(in: place).filter { (first...last).contains($0.number) }, state)
    }
  }
}

extension Releases.Release {
  fileprivate var causeText: String {
    if let promotes { return "promotion of \(promotes)" }
    return restores.map { "\(cause.rawValue) of #\($0)" } ?? cause.rawValue
  }

  func json(outcome: Releases.Outcome) -> JSONObject {
    var object: JSONObject = [
      "actor": .string("\(actor)"), "cause": .string(cause.rawValue),
      "outcome": .string(outcome.rawValue), "position": .integer(Int64(position)),
      "recorded": .string(recorded.description), "release": .integer(Int64(number)),
    ]
    object["build"] = build.map { .string($0.description) }
    object["configuration"] = configurationVersion.map { .integer(Int64($0)) }
    object["deployment"] = deployment.map { .string("\($0)") }
    object["promotes"] = promotes.map { .string("\($0)") }
    object["restores"] = restores.map { .integer(Int64($0)) }
    object["ended"] = ended.map { .string($0.description) }
    return object
  }
}
