import Access
import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Resources

/// `stele cost import`: records what bills say.
package struct CostImportCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Record bills in FOCUS 1.2, as CSV.",
    discussion: """
      Counts BilledCost, so that sums agree with the invoice, by environment, day and service. \
      A charge belongs to the environment that its tag names. What a file says of a day of a bill \
      is all of it: name files that share a day in one command. The same again changes nothing; \
      what a bill says otherwise than before is refused without --replace.

        $ stele cost import bills/2026-11.csv
        $ stele cost import bills/2026-11.csv --tag Stage --rest production --replace
        $ stele cost import hetzner.csv --environment staging
      """)

  @Argument(help: "The bills, in any order.") var files: [String]

  @Option(
    help: ArgumentHelp(
      "The tag that names a charge's environment; environment if none is said.", valueName: "name"))
  var tag: String?

  @Option(
    help: ArgumentHelp(
      "Where charges without the tag belong, such as taxes; left out and reported otherwise.",
      valueName: "environment"))
  var rest: String?

  @Option(help: "Where all charges belong, whatever their tags say.")
  var environment: String?

  @Flag(help: "Put what the bills say now in place of what was imported of them before.")
  var replace = false

  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    if environment != nil, tag != nil || rest != nil {
      throw ValidationError("--environment is for all charges: leave --tag and --rest out")
    }
  }

  package func run(in context: CommandContext) async throws {
    let only = try environment.map(KnownEnvironment.init(argument:))
    let rest = try rest.map(KnownEnvironment.init(argument:))
    let workspace = try context.workspace()
    let application = try context.files(of: workspace).application().description.name
    let billed = try BilledCosts(
      reading: files.map { ($0, context.absolute($0)) },
      assigning: only.map(CostAssignment.all)
        ?? .tag(tag ?? CostAssignment.standardTag, rest: rest))
    let session = try context.appending()
    let person = try await session.person(identity.credential(in: context))
    let changes = try await CostWork(session).record(
      billed, of: application, isReplacing: replace, by: person)
    try await session.close()
    let view = try CostImportView(billed, changes)
    for warning in view.warnings { context.warn(warning) }
    try context.present(view.document, as: output.output)
  }
}
