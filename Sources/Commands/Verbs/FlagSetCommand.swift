import ArgumentParser
import Environments
import Operations
import Projections

/// `stele flag set`: sets a flag over the files of an environment.
package struct FlagSetCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Set a flag of an environment; it runs once it is deployed.",
    discussion: """
      The flag stays over the files' features and over variables until it is unset or rolled back. \
      Applications find all flags in the variable STELE_FLAGS. A name that no file and no flag has \
      used is refused without --new; what a flag is, true or false, a whole number or text, stays. \
      What the files say is recorded with it, as `stele config apply` does.

        $ stele flag set production new-parser true
        $ stele flag set staging page-size 50 --new
        $ stele flag set staging greeting --type string --new -- -5
      """)

  @OptionGroup var flag: FlagArguments

  @Argument(help: "true, false, a whole number or text.") var value: String

  @Option(help: "What it is: bool, integer or string; otherwise what it has been, or looks like.")
  var type: FlagValue.Kind?

  @Flag(help: "The name is a new one.") var new = false

  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await flag.change(
      .set(text: value, kind: type, isNew: new), "Set \(flag.name) in production?", consent,
      identity, output, in: context)
  }
}

/// `stele flag unset`: leaves a feature to the files again.
package struct FlagUnsetCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "unset",
    abstract: "Unset a flag, so that the files say it again; it runs once it is deployed.")

  @OptionGroup var flag: FlagArguments
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    try await flag.change(
      .unset, "Unset \(flag.name) in production?", consent, identity, output, in: context)
  }
}

/// Which flag of which environment is changed.
struct FlagArguments: ParsableArguments {
  @Argument(help: "development, staging or production.") var environment: String
  @Argument(help: "The flag's name.") var name: String

  func change(
    _ wish: FlagWork.Wish, _ question: String, _ consent: ConsentOptions,
    _ identity: IdentityOptions, _ output: OutputOptions, in context: CommandContext
  ) async throws {
    let environment = try context.detect(named: environment).environment
    let workspace = try context.workspace()
    let project = try context.load(environment, in: workspace)
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    try context.confirm(environment, question, yes: consent.yes)
    let applied = try await FlagWork(session).change(
      name, wish, in: project, of: context.files(of: workspace), by: person,
      reason: consent.reason)
    let running = try await session.state().running.running(in: project.resolved.place)
    try await session.close()
    let view = AppliedView(
      applied, environment, schema: "stele.flag", deploying: running?.build)
    try context.present(view.document, as: output.output)
  }
}

extension FlagValue.Kind: ExpressibleByArgument {}
