import ArgumentParser
import CanonicalJSON
import Environments
import Operations
import Projections

/// `stele config`: the environments' files.
package struct ConfigCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Check, show and record the environments' configuration.",
    subcommands: [ConfigValidateCommand.self, ConfigShowCommand.self, ConfigApplyCommand.self])

  package init() {}
}

/// `stele config validate`: every problem of every environment at once.
package struct ConfigValidateCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check the files; exits 1 when something is wrong.")

  @Argument(help: "One environment; otherwise all three, and whatever else lies beside them.")
  var environment: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let files = ProjectFiles(try context.workspace())
    let one = try environment.map(KnownEnvironment.init(argument:))
    let problems = try one.map { files.problems(of: [$0]) } ?? files.problems()
    try context.present(
      document(one.map { [$0] } ?? KnownEnvironment.allCases, problems), as: output.output)
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
      let configuration = try ProjectFiles(workspace).resolve(environment)
      return try context.present(
        document(configuration.recorded, "\(configuration.digest)", [:], environment),
        as: output.output)
    }
    let session = try context.reading()
    let place = try await context.place(environment, in: session)
    let state = try await session.state()
    let release = try state.releases.resolve(selector, of: place.application)
    let applied = try state.configuration(of: release, in: place)
    try context.present(
      document(
        applied.configuration, "\(applied.digest)",
        [
          "release": .integer(Int64(release.number)),
          "configurationVersion": .integer(Int64(applied.version)),
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

/// `stele config apply`: records what an environment shall be.
package struct ConfigApplyCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Record the configuration of an environment; it runs once it is deployed.")

  @OptionGroup var environment: EnvironmentArgument

  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let environment = try environment.detect(in: context).certain()
    let workspace = try context.workspace()
    let configuration = try ProjectFiles(workspace).resolve(environment)
    try context.confirm(environment, "Record this configuration for production?", yes: consent.yes)
    let session = try context.appending()
    let person = try await session.person(keyAt: identity.path(in: context))
    let applied = try await ConfigurationWork(session).apply(
      configuration, by: person, reason: consent.reason)
    try await session.close()
    try context.present(document(applied, environment), as: output.output)
  }

  private func document(
    _ applied: ConfigurationWork.Applied, _ environment: KnownEnvironment
  ) -> Document {
    switch applied {
    case .unchanged(let version):
      let fields: JSONObject = [
        "changed": false, "configuration": .integer(Int64(version)),
        "environment": .string(environment.rawValue),
      ]
      return Document(
        schema: "stele.config.apply", fields: fields, records: [fields],
        text: ["nothing to record: \(environment) has this configuration as version \(version)"])
    case .applied(let release, let version, let difference):
      let fields: JSONObject = [
        "changed": true, "configuration": .integer(Int64(version)),
        "difference": .array(difference.map { .object($0.json) }),
        "environment": .string(environment.rawValue), "release": .integer(Int64(release)),
      ]
      return Document(
        schema: "stele.config.apply", fields: fields, records: [fields],
        text: difference.passages + [
          "",
          "\(environment)#\(release): configuration \(version) is recorded and pending",
          "it runs once you say `stele deploy \(environment)`",
        ])
    }
  }
}

extension ConfigurationDifference {
  var json: JSONObject {
    var record: JSONObject = ["path": .string(path)]
    record["before"] = before
    record["after"] = after
    return record
  }
}

extension [ConfigurationDifference] {
  var passages: [Passage] {
    var table = Table(
      .init("FIELD", .left, .wraps(comfort: 16)), .init("BEFORE", .left, .wraps(comfort: 16)),
      .init("AFTER", .left, .wraps(comfort: 16)))
    for one in self { table.add(one.path, one.shownBefore, one.shownAfter) }
    return [.table(table)]
  }
}
