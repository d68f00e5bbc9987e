import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele config explain`: where each value comes from, and who changed it.
package struct ConfigExplainCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show which file or variable each value comes from, and who changed it when.",
    discussion: """
        $ stele config explain resources.workers.maxReplicas production
        $ stele config explain security production
        $ stele config explain resources production@2026-11-01Z

      RELEASE is the one that recorded the value last; what no release has yet is pending. Of a \
      release or a time it explains what was recorded, under the names and in the units that the \
      ledger has. USED BY says what a value does: what replicas are allotted, how a rollout goes, \
      how health is asked; whether a rule of the policy asks for it; the application gets every one.
      """)

  @Argument(help: "A field or a section, as files spell it; all.")
  var path: String

  @OptionGroup var environment: SelectorArgument
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (environment, selector) = try environment.parse(in: context)
    let explained =
      if let selector {
        try await recorded(selector, in: context)
      } else {
        try await written(environment, in: context)
      }
    try context.present(document(environment, explained), as: output.output)
  }

  /// What the files say now.
  private func written(
    _ environment: KnownEnvironment, in context: CommandContext
  ) async throws -> [ExplainedLeaf] {
    let workspace = try context.workspace()
    let project = try await context.resolve(environment, in: workspace)
    let leaves = try meant(among: project.leaves, by: \.path)
    let history = ConfigurationHistory(
      of: project.resolved, in: workspace.hasLedger ? try await context.reading().state() : nil)
    let policy = try context.files(of: workspace).policy()
    return leaves.map { ExplainedLeaf($0, in: project, history, asked: policy) }
  }

  /// What a release was configured with: in the ledger's own names and units.
  private func recorded(
    _ selector: Selector, in context: CommandContext
  ) async throws -> [ExplainedLeaf] {
    let released = try await context.released(selector)
    let fields = ConfigurationDifference.all(from: nil, to: released.applied.configuration)
    return try meant(among: fields, by: \.path).map { ExplainedLeaf($0, in: released) }
  }

  /// The field or section that was asked for, in any case; of what was recorded, the application's
  /// by the name that its file has.
  private func meant<Field>(
    among all: [Field], by path: KeyPath<Field, String>
  ) throws(FieldUnknown) -> [Field] {
    let wanted = self.path.lowercased()
    let found = all.filter {
      let path = $0[keyPath: path].lowercased()
      let isMeant = [wanted, "application.\(wanted)"].contains { name in
        path == name || path.hasPrefix(name + ".")
      }
      return isMeant || wanted == "all"
    }
    guard found.isEmpty else { return found }
    throw FieldUnknown(path: self.path, known: all.map { $0[keyPath: path] })
  }

  private func document(
    _ environment: KnownEnvironment, _ leaves: [ExplainedLeaf]
  ) -> Document {
    var table = Table(
      .init("FIELD", .left, .wraps(comfort: 20)), .init("VALUE", .left, .wraps(comfort: 12)),
      .init("FROM", .left, .wraps(comfort: 24)), .init("RELEASE"), .init("USED BY", .left, .yields),
      .init("BY", .left, .yields), .init("WHEN", .left, .yields))
    for leaf in leaves {
      table.add(
        leaf.path, leaf.shownValue, leaf.source, leaf.shownRelease(in: environment),
        leaf.uses.joined(separator: ", "),
        leaf.change.map { "\($0.actor)" } ?? "", leaf.change.map { "\($0.recorded)" } ?? "")
    }
    let overruled = leaves.flatMap { leaf in
      leaf.overruled.map {
        Passage.hanging("\(leaf.path): \($0.text) in \($0.position) is overruled", indent: 2)
      }
    }
    return Document(
      schema: "stele.config.explain",
      fields: [
        "environment": .string(environment.rawValue),
        "fields": .array(leaves.map { .object($0.json) }),
      ], records: leaves.map(\.json), of: "stele.config.explain.field",
      text: [.table(table)] + (overruled.isEmpty ? [] : [""] + overruled))
  }
}

/// No field has this path; nothing was explained.
struct FieldUnknown: ExitingError, Equatable {
  let path: String
  let known: [String]

  var exitStatus: ExitStatus { .usage }

  var description: String {
    let near = Spelling.suggestion(for: path, among: known)
    return """
      Nothing was explained: \(path) is no field or section.
      \(near.map { "Did you mean \($0)?" } ?? "See all of them with `stele config explain all`.")
      """
  }
}
