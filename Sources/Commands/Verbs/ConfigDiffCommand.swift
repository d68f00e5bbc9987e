import ArgumentParser
import CanonicalJSON
import Environments
import Operations
import Projections

/// `stele config diff`: what two configurations differ in.
package struct ConfigDiffCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what two configurations differ in; exits 2 when they do.",
    discussion: """
      An environment is what its files say now; a release or a time is what the ledger says of it.

        $ stele config diff staging production
        $ stele config diff production~1 production
      """)

  @Argument(help: "production, production#812, production~1, production@2026-11-01Z; or A..B.")
  var from: String

  @Argument(help: "Another one, unless both were named as A..B.")
  var to: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let (left, right) = try words()
    let before = try await recorded(left, in: context)
    let after = try await recorded(right, in: context)
    let differences = ConfigurationDifference.all(from: before, to: after)
    try context.present(document(left, right, differences), as: output.output)
    if !differences.isEmpty { throw Verdict(.different) }
  }

  private func words() throws -> (String, String) {
    if let to { return (from, to) }
    guard let dots = from.firstRange(of: "..") else {
      throw ValidationError("name two configurations: stele config diff staging production")
    }
    return (String(from[..<dots.lowerBound]), String(from[dots.upperBound...]))
  }

  /// - Throws: `ConfigurationError` for files that are wrong, or what keeps a release from being
  ///   found.
  private func recorded(_ word: String, in context: CommandContext) async throws -> JSONObject {
    guard word.isSelector else {
      let environment = try KnownEnvironment(argument: word)
      return try await context.resolve(environment, in: context.workspace()).resolved.recorded
    }
    return try await context.released(context.selector(word)).applied.configuration
  }

  private func document(
    _ left: String, _ right: String, _ differences: [ConfigurationDifference]
  ) -> Document {
    let changed = differences.map(\.json)
    return Document(
      schema: "stele.config.diff",
      fields: [
        "difference": .array(changed.map(JSONValue.object)), "from": .string(left),
        "same": .bool(differences.isEmpty), "to": .string(right),
      ], records: changed, of: "stele.config.diff.field",
      text: differences.isEmpty ? ["no difference"] : differences.passages)
  }
}
