import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections

/// `stele build`: keeps an application's bytes and records what they are.
package struct BuildCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Make a build of every component's artifact.",
    discussion: """
      A path is a directory that has every component's artifact under its name; COMPONENT=PATH names
      a single one; without paths config/application.yaml says where they are.

        $ stele build dist/v2
        $ stele build orchestrator=dist/web workers=dist/worker
      """)

  @Argument(help: "Directories, or COMPONENT=PATH.")
  var paths: [String] = []

  @OptionGroup var change: ChangeOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let workspace = try context.workspace()
    let application = try context.files(of: workspace).application().description
    let paths = try BuildPaths(
      application, root: workspace.root, workingDirectory: context.workingDirectory
    ).resolve(paths)
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    let captured = try await change.capture(in: context, directory: workspace.root)
    let made = try await BuildWork(session).make(
      application.name, from: paths, change: captured, by: person)
    try await session.close()
    for warning in captured.warnings { context.warn(warning) }
    try context.present(document(made), as: output.output)
    context.note("Next: stele deploy staging --build \(made.digest.shortText)")
  }

  private func document(_ made: BuildWork.Made) -> Document {
    var table = Table(
      .init("COMPONENT"), .init("ARTIFACT", .left, .cuts(comfort: 20)), .init("BYTES", .right))
    for component in made.build.components {
      table.add(component.name.rawValue, component.artifact.description, "\(component.sizeBytes)")
    }
    let known = made.isKnown ? " (the same bytes were recorded before)" : ""
    return Document(
      schema: "stele.build",
      fields: [
        "application": .string(made.build.application.rawValue),
        "build": .string(made.digest.description),
        "components": made.build.recorded["components"] ?? [], "known": .bool(made.isKnown),
      ], records: [["build": .string(made.digest.description)]],
      of: "stele.build.made",
      text: [.table(table), "", "build \(made.digest)\(known)"])
  }
}

/// Where a change comes from, when git and CI do not say, or say it wrong.
struct ChangeOptions: ParsableArguments {
  @Option(help: "The commit that was built, in full.") var commit: String?
  @Option(help: "The repository's address.") var repository: String?
  @OptionGroup var asked: AskedOptions
  @Option(help: "Who wrote it, by opaque id.") var author: String?
  @Option(help: "What was changed, in words; kept where it can be erased.") var message: String?

  func capture(in context: CommandContext, directory: String) async throws -> CapturedChange {
    try ChangeCapture.change(
      flags: ChangeFlags(
        author: author.map { try ActorID(parsing: $0) }, commit: commit, repository: repository,
        run: asked.run, ticket: asked.ticket, message: message), variables: context.variables,
      git: await GitReader.facts(of: directory))
  }
}

/// What asked for a change, when CI does not say, or says it wrong.
struct AskedOptions: ParsableArguments {
  @Option(help: "The ticket that asked for it.") var ticket: String?
  @Option(help: "The pipeline run's address.") var run: String?

  /// Without git: what is checked out says nothing about what is restored.
  func capture(in context: CommandContext) async throws -> CapturedChange {
    try ChangeCapture.change(
      flags: ChangeFlags(run: run, ticket: ticket), variables: context.variables, git: nil)
  }
}

/// `stele builds`: what can be deployed.
package struct BuildsCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "builds", abstract: "List the builds there are, newest last.",
    discussion: """
        $ stele builds
        $ stele builds --at 2026-11-01Z
      """)

  @OptionGroup var at: MomentOption
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let builds = try await at.moment(of: context.reading(), in: context).state.builds.all
    var table = Table(
      .init("BUILD"), .init("RECORDED"), .init("COMMIT", .left, .yields),
      .init("COMPONENTS", .left, .wraps(comfort: 12)))
    for build in builds {
      table.add(
        build.digest.shortText, build.recorded.seconds,
        build.change.commit.map { String($0.text.prefix(12)) } ?? "-",
        build.components.map(\.name.rawValue).joined(separator: ", "))
    }
    let records = builds.map { build -> JSONObject in
      [
        "build": .string(build.digest.description), "change": .object(build.change.data),
        "components": .array(build.components.map(\.json)),
        "recorded": .string(build.recorded.description),
      ]
    }
    try context.present(
      Document(
        schema: "stele.builds", fields: ["builds": .array(records.map(JSONValue.object))],
        records: records, of: "stele.builds.build",
        text: builds.isEmpty ? ["no build yet"] : [.table(table)]), as: output.output)
  }
}
