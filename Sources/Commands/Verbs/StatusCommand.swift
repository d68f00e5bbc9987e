import ArgumentParser
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Operations
import Projections

/// `stele status`: what runs, what is wanted, and what is happening.
package struct StatusCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show what runs in each environment, and what waits.")

  @Argument(help: "One environment; otherwise all.")
  var environment: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let only = try environment.map { word in
      guard let known = KnownEnvironment(spelling: word) else {
        throw ValidationError(
          "'\(word)' is no environment: write one of \(KnownEnvironment.spellings)")
      }
      return known.name
    }
    let session = try context.reading()
    let state = try await session.state()
    let places = Set(state.releases.places + state.running.places).sorted()
      .filter { only == nil || $0.environment == only }
    let views = places.map { PlaceView($0, state, now: session.time.now()) }
    try context.present(
      Document(
        schema: "stele.status",
        fields: [
          "environments": .array(views.map { .object($0.json) }),
          "ledger": .string(session.origin.description),
        ], records: views.map(\.json),
        text: views.isEmpty
          ? ["nothing was released yet: stele deploy development"]
          : Array(views.map { $0.lines(context.style) }.joined(separator: [""]))),
      as: output.output)
  }
}
