import ArgumentParser
import CanonicalJSON
import Events
import Operations
import Projections

/// `stele access review list`: every grant that counts, and when somebody last looked at it.
package struct AccessReviewListCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "list",
    abstract:
      "List the grants that count, with who gave and who reviewed them, now or at a moment.",
    discussion: """
      With --since, exits 1 where a grant was neither given nor reviewed since then.

        $ stele access review list
        $ stele access review list --since 2026-09-01Z
        $ stele access review list --at 2026-11-01Z --output csv
      """)

  @Option(help: "Only grants that were neither given nor reviewed since this UTC time.")
  var since: String?

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let since = try since.map { try context.past($0) }
    let moment = try await at.moment(of: context.reading(), in: context)
    let grants = moment.state.grants.all.map(GrantView.init).filter { view in
      view.grant.counts(at: moment.time) && since.map { view.lookedAt < $0 } ?? true
    }
    try context.present(GrantView.document(grants, at: moment.time), as: output.output)
    if since != nil, !grants.isEmpty { throw Verdict(.negative) }
  }
}
