import ArgumentParser
import CanonicalJSON
import Environments
import Operations

/// `stele config validate`: every problem of every environment at once.
package struct ConfigValidateCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check the files; exits 1 when something is wrong.")

  @Argument(help: "One environment; otherwise all three, and whatever else lies beside them.")
  var environment: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let files = context.files(of: try context.workspace())
    let one = try environment.map(KnownEnvironment.init(argument:))
    let environments = one.map { [$0] } ?? KnownEnvironment.allCases
    let wrong = try one.map { files.problems(of: [$0]) } ?? files.problems()
    let problems = (wrong + files.violations(of: environments)).sorted()
    try context.present(
      document(environments, problems), as: output.output)
    if !problems.isEmpty { throw Verdict(.negative) }
  }

  private func document(
    _ environments: [KnownEnvironment], _ problems: [SettingProblem]
  ) -> Document {
    let records = problems.map { problem -> JSONObject in
      var record: JSONObject = [
        "column": .integer(Int64(problem.position.column)), "file": .string(problem.position.file),
        "kind": .string(problem.kind.rawValue), "line": .integer(Int64(problem.position.line)),
        "path": .string(problem.path), "problem": .string(problem.complaint),
        "remedy": .string(problem.remedy),
      ]
      if let found = problem.found { record["found"] = .string(found) }
      return record
    }
    let names = environments.map(\.rawValue).joined(separator: ", ")
    return Document(
      schema: "stele.config.validate",
      fields: [
        "environments": .array(environments.map { .string($0.rawValue) }),
        "problems": .array(records.map(JSONValue.object)), "valid": .bool(problems.isEmpty),
      ],
      records: problems.isEmpty
        ? environments.map { ["environment": .string($0.rawValue), "valid": true] } : records,
      of: problems.isEmpty ? "stele.config.validate.environment" : "stele.config.validate.problem",
      text: problems.map { .hanging($0.description, indent: 4) }
        + [
          problems.isEmpty
            ? "valid: \(names)"
            : problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        ])
  }
}
