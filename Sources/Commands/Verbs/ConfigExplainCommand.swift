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

      RELEASE is the one that recorded the value last; what no release has yet is pending.
      """)

  @Argument(help: "A field or a section, as files spell it; all.")
  var path: String

  @Argument(help: "development, staging or production; otherwise detected.")
  var environment: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try context.detect(named: environment).environment
    let workspace = try context.workspace()
    let project = try context.files(of: workspace).load(environment)
    let leaves = try leaves(in: project)
    let history = ConfigurationHistory(
      of: project.resolved, in: workspace.hasLedger ? try await context.reading().state() : nil)
    let explained = leaves.map { leaf in
      ExplainedLeaf(
        leaf: leaf, sayings: project.sayings(of: leaf.path), change: history.change(of: leaf))
    }
    try context.present(document(environment, explained), as: output.output)
  }

  private func leaves(in project: LoadedProject) throws -> [ConfigurationLeaf] {
    let all = project.leaves
    let wanted = path.lowercased()
    let found = all.filter {
      wanted == "all" || $0.path.lowercased() == wanted
        || $0.path.lowercased().hasPrefix(wanted + ".")
    }
    guard found.isEmpty else { return found }
    throw FieldUnknown(path: path, known: all.map(\.path))
  }

  private func document(
    _ environment: KnownEnvironment, _ leaves: [ExplainedLeaf]
  ) -> Document {
    var table = Table(
      .init("FIELD", .left, .wraps(comfort: 20)), .init("VALUE", .left, .wraps(comfort: 12)),
      .init("FROM", .left, .wraps(comfort: 24)), .init("RELEASE"), .init("BY", .left, .yields),
      .init("WHEN", .left, .yields))
    for leaf in leaves {
      table.add(
        leaf.leaf.path, leaf.shownValue, leaf.source, leaf.shownRelease(in: environment),
        leaf.change.map { "\($0.actor)" } ?? "", leaf.change.map { "\($0.recorded)" } ?? "")
    }
    let overruled = leaves.flatMap { leaf in
      leaf.overruled.map {
        Passage.hanging("\(leaf.leaf.path): \($0.text) in \($0.position) is overruled", indent: 2)
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
