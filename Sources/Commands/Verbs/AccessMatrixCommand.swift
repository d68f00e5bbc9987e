import ArgumentParser
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Operations
import Projections

/// `stele access matrix`: who may be what, where.
package struct AccessMatrixCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "matrix", abstract: "Show everybody's roles by environment, now or at a moment.",
    discussion: """
      A grant that is over by its time is left out; a suspension is shown beside the roles that it \
      takes. all is what concerns no environment, which only a grant for all of them covers.

        $ stele access matrix
        $ stele access matrix --at 2026-11-01Z
      """)

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let moment = try await at.moment(of: context.reading(), in: context)
    let grants = moment.state.grants
    let rows = grants.actors.map { AccessRow(of: $0, grants, at: moment.time) }
      .filter { !$0.isEmpty }
    try context.present(document(rows, moment), as: output.output)
  }

  private func document(_ rows: [AccessRow], _ moment: Session.Moment) -> Document {
    var table = Table(
      .init("ACTOR", .left, .wraps(comfort: 13)), .init("DEVELOPMENT", .left, .wraps(comfort: 11)),
      .init("STAGING", .left, .wraps(comfort: 10)),
      .init("PRODUCTION", .left, .wraps(comfort: 10)), .init("ALL", .left, .wraps(comfort: 8)))
    for row in rows {
      table.add(
        "\(row.actor)", row.cell(KnownEnvironment.development.name),
        row.cell(KnownEnvironment.staging.name), row.cell(KnownEnvironment.production.name),
        row.cell(nil))
    }
    let records = rows.flatMap(\.records)
    return Document(
      schema: "stele.access.matrix",
      fields: [
        "grants": .array(records.map(JSONValue.object)), "moment": .string("\(moment.time)"),
      ], records: records, of: "stele.access.matrix.grant",
      text: rows.isEmpty ? ["nobody may do anything"] : [.table(table)])
  }
}
