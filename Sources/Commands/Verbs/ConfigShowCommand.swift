import ArgumentParser
import CanonicalJSON
import Environments
import Operations
import Projections

/// `stele config show`: what an environment's files come to.
package struct ConfigShowCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the resolved configuration of an environment.",
    discussion: """
      What the files say now; with a release or a time, what the ledger says of it.

        $ stele config show production
        $ stele config show production@2026-11-01T00:00Z
      """)

  @OptionGroup var environment: SelectorArgument
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (environment, selector) = try environment.parse(in: context)
    let workspace = try context.workspace()
    guard let selector else {
      let configuration = try await context.resolve(environment, in: workspace).resolved
      return try context.present(
        document(configuration.recorded, "\(configuration.digest)", [:], environment),
        as: output.output)
    }
    let released = try await context.released(selector)
    try context.present(
      document(
        released.applied.configuration, "\(released.applied.digest)",
        [
          "release": .integer(Int64(released.release.number)),
          "configurationVersion": .integer(Int64(released.applied.version)),
        ], environment), as: output.output)
  }

  /// - Parameter source: Where in the ledger it stands; empty for what the files say.
  private func document(
    _ configuration: JSONObject, _ digest: String, _ source: JSONObject,
    _ environment: KnownEnvironment
  ) -> Document {
    let leaves = ConfigurationDifference.all(from: nil, to: configuration)
    var table = Table(
      .init("FIELD", .left, .wraps(comfort: 24)), .init("VALUE", .left, .wraps(comfort: 24)))
    for leaf in leaves { table.add(leaf.path, leaf.shownAfter) }
    var fields = source
    fields["configuration"] = .object(configuration)
    fields["digest"] = .string(digest)
    fields["environment"] = .string(environment.rawValue)
    return Document(
      schema: "stele.config.show", fields: fields,
      records: leaves.map { leaf in
        var record: JSONObject = ["path": .string(leaf.path)]
        record["value"] = leaf.after
        return record
      }, of: "stele.config.show.field", text: [.table(table), "", "digest \(digest)"])
  }
}
