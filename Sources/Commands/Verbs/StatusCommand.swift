import ArgumentParser
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Operations
import Platforms
import Projections

/// `stele status`: what runs, what is wanted, and what is happening.
package struct StatusCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what runs in each environment, and what waits.",
    discussion: """
      With a time, what the ledger said then; with a release, what it said before the next one.

        $ stele status production
        $ stele status production@2026-11-01T00:00Z
      """)

  @Argument(
    help: ArgumentHelp(
      "production, production#812, production@2026-11-01T00:00Z; otherwise all.",
      valueName: "environment"))
  var environment: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let selector = try environment.map { word in
      try KnownEnvironment(spelling: word).map { Selector($0.name) } ?? context.selector(word)
    }
    let only = selector?.environment
    let session = try context.reading()
    let moment = try await moment(selector, in: context, session)
    let state = moment.state
    let places = Set(state.releases.places + state.running.places).sorted()
      .filter { only == nil || $0.environment == only }
    var views: [PlaceView] = []
    for place in places {
      let sight = moment.isPast ? nil : context.sight(directory(of: place, session))
      views.append(
        PlaceView(try await StatusWork(session).status(of: place, at: moment, sight: sight)))
    }
    try context.present(
      Document(
        schema: "stele.status",
        fields: [
          "asOf": .string(moment.time.description),
          "environments": .array(views.map { .object($0.json) }),
          "ledger": .string(session.origin.description), "size": .integer(Int64(state.size)),
        ], records: views.map(\.json), of: "stele.status.environment",
        text: views.isEmpty
          ? [moment.isPast ? "nothing had been released by then" : nothing(in: only)]
          : views.map { $0.lines(context.resultStyle) }.joined(separator: [""])
            .map { .hanging($0, indent: 13) }),
      as: output.output)
  }

  private func directory(of place: Place, _ session: Session) -> RunDirectory {
    RunDirectory(of: place.environment, in: session.workspace.ledger)
  }

  private func nothing(in environment: EnvironmentName?) -> Passage {
    "nothing was released yet: stele deploy \(environment ?? "development")"
  }

  private func moment(
    _ selector: Selector?, in context: CommandContext, _ session: Session
  ) async throws -> Session.Moment {
    guard let selector, selector.choice != .goodBefore(0),
      let environment = KnownEnvironment(selector.environment)
    else { return try await session.now() }
    let place = try await context.place(environment, in: session)
    let moment = try await session.moment(of: selector, in: place)
    context.note("as of \(moment.time.seconds), after \(moment.state.size) entries")
    return moment
  }
}
