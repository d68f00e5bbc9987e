import ArgumentParser
import CanonicalJSON
import Environments
import Events
import Operations
import Projections
import Resources

/// `stele cost show`, and `stele cost` alone: what was spent, by month and service.
package struct CostShowCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what was spent by month and service, and the budget.",
    discussion: """
      The month that is under way, unless a time is named; a charge counts in the month in which \
      it begins. With a release or a moment, what had been imported by then. What is not known is \
      not shown as nothing.

        $ stele cost
        $ stele cost production --from 2026-09-01Z --until 2026-12-01Z
        $ stele cost production@2026-11-01Z
      """)

  @Argument(
    help: ArgumentHelp(
      "production, production#812, production@2026-11-01T00:00Z; otherwise all.",
      valueName: "environment"))
  var environment: String?

  @Option(help: "Charges that begin at this UTC time or later, like 2026-11-01Z.") var from: String?
  @Option(help: "Charges that begin before this UTC time.") var until: String?
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let selector = try environment.map { word in
      try KnownEnvironment(spelling: word).map { Selector($0.name) } ?? context.selector(word)
    }
    let session = try context.reading()
    let application = try await context.application(of: session)
    let moment = try await moment(selector, of: application, in: session)
    let time = try time(at: moment.time)
    let environments =
      try selector.map {
        [try KnownEnvironment(argument: $0.environment.rawValue)]
      } ?? KnownEnvironment.allCases
    let policy = try context.files(of: session.workspace).policy()
    var views: [CostView] = []
    for environment in environments {
      let costs = try await session.costs(
        of: Place(application, environment.name), inSize: moment.state.size
      ).costs
      views.append(
        CostView(
          costs, of: environment, in: time, at: moment.time,
          budget: policy.budget(of: environment)))
    }
    try context.present(document(views.filter { !$0.isEmpty }, moment), as: output.output)
  }

  private func moment(
    _ selector: Selector?, of application: ApplicationName, in session: Session
  ) async throws -> Session.Moment {
    guard let selector, selector.choice != .goodBefore(0) else { return try await session.now() }
    return try await session.moment(of: selector, in: Place(application, selector.environment))
  }

  /// The month of `now`, or what was named.
  ///
  /// - Throws: `ValidationError` for what is no time, or ends before it begins.
  private func time(at now: Timestamp) throws -> Range<Timestamp> {
    let month = CalendarMonth(of: now)
    guard from != nil || until != nil else { return month.start..<month.end }
    let begin = try from.map(Timestamp.init(argument:)) ?? .earliest
    let end = try until.map(Timestamp.init(argument:)) ?? .latest
    guard begin < end else {
      throw ValidationError("--until \(until ?? "") is not after --from \(from ?? "")")
    }
    return begin..<end
  }

  private func document(_ views: [CostView], _ moment: Session.Moment) -> Document {
    var table = Table(
      .init("ENVIRONMENT"), .init("MONTH"), .init("SERVICE", .left, .cuts(comfort: 12)),
      .init("SPENT", .right), .init("BUDGET", .right), .init("SHARE", .right),
      .init("KNOWN UNTIL"))
    for row in views.flatMap(\.rows) {
      table.add(
        row.environment.rawValue, "\(row.month)", row.service?.text ?? "all", row.spentText,
        row.budget?.description ?? "-", row.shareText, row.ageText)
    }
    let records = views.flatMap(\.records)
    return Document(
      schema: "stele.cost",
      fields: [
        "asOf": .string("\(moment.time)"), "costs": .array(records.map(JSONValue.object)),
      ], records: records, of: "stele.cost.service",
      text: table.isEmpty ? [Self.nothing] : [.table(table)])
  }

  private static let nothing: Passage =
    "no cost is known and no budget is set: stele cost import FILE"
}
