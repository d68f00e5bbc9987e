import ArgumentParser
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Operations
import Projections

/// `stele log`: the newest entries.
package struct LogCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List entries of the ledger, newest last.",
    discussion: """
      An environment's name lists what concerns it. A release lists its deployment and what \
      followed until the next one, A..B everything from one release to the end of another. A table \
      of more than releases has the newest 50 entries, and says how many it leaves out.

        $ stele log production#3
        $ stele log production~1..production --output jsonl
        $ stele log --kind deployment.judged --from 2026-11-01Z
      """)

  @Argument(
    help: ArgumentHelp(
      "production, production#812, production~1..production; otherwise everything.",
      valueName: "releases"))
  var releases: String?

  @OptionGroup var filter: FilterOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let session = try context.reading()
    let range = try await range(in: context, session)
    let positions = try session.ledger.read { try range.positions(in: $0) }
    let shown = limit(range).map { positions.suffix($0) } ?? positions[...]
    switch output.output {
    case .table: try context.present(table(of: shown, in: session.ledger), as: .table)
    case .json, .jsonl, .csv:
      try context.present(listing(of: shown, in: session.ledger), as: output.output)
    }
    if shown.count < positions.count {
      context.note(
        "\(positions.count - shown.count) older ones are left out; all of them: "
          + "--limit \(positions.count)")
    }
  }

  /// Only a table of the whole ledger, or of an environment, is cut unasked; nil is no limit.
  private func limit(_ range: EntryRange) -> Int? {
    filter.limit ?? (output.output == .table && range.positions == nil ? Self.tableLimit : nil)
  }

  /// Entries that somebody looks through.
  private static let tableLimit = 50

  private func range(in context: CommandContext, _ session: Session) async throws -> EntryRange {
    try await context.range(
      releases, filter.filter(in: context, session), in: session)
  }

  private func table(of positions: ArraySlice<Int>, in ledger: Ledger) throws -> Document {
    var table = Table(
      .init("POSITION", .right), .init("RECORDED"), .init("EVENTS", .left, .wraps(comfort: 20)),
      .init("STREAM", .left, .cuts(comfort: 16)), .init("ACTOR", .left, .yields),
      .init("ENVIRONMENT", .left, .yields))
    try ledger.forEachShown(at: positions) { entry in
      table.add(
        "\(entry.position)", entry.stored.recorded.seconds, entry.kinds, entry.streams,
        entry.actor, entry.environment?.rawValue ?? "-")
    }
    return Document(
      schema: Self.schema, text: positions.isEmpty ? ["no entry matches"] : [.table(table)])
  }

  private func listing(of positions: ArraySlice<Int>, in ledger: Ledger) -> Listing {
    Listing(schema: Self.schema, field: "events", recordSchema: ShownEntry.eventSchema) { each in
      try ledger.forEachShown(at: positions) { entry in
        for record in entry.records { try each(record) }
      }
    }
  }

  private static let schema = "stele.log"
}

extension Ledger {
  /// A few entries at a time, so that neither memory nor a reading transaction grows with them:
  /// what stands at a position stands there for ever.
  fileprivate func forEachShown(
    at positions: ArraySlice<Int>, _ each: (ShownEntry) throws -> Void
  ) throws {
    var rest = positions
    while !rest.isEmpty {
      let few = rest.prefix(16)
      rest = rest.dropFirst(few.count)
      for entry in try read({ reader in try few.map { try ShownEntry(reader.entry(at: $0)) } }) {
        try each(entry)
      }
    }
  }
}

/// Which entries are asked for.
struct FilterOptions: ParsableArguments {
  @Option(help: "Only entries with this kind of event, such as deployment.judged.")
  var kind: String?

  @Option(help: "Only entries that write this stream, such as release/tamma.production.")
  var stream: String?

  @Option(help: "Only entries about this environment.") var environment: String?
  @Option(help: "Only entries that this actor signed, by id or key file.") var actor: String?

  @Option(help: "Recorded at this UTC time or later, like 2026-11-01Z or 2026-11-01T14:30Z.")
  var from: String?

  @Option(help: "Recorded before this UTC time.") var until: String?
  @Option(help: "How many entries, the newest.") var limit: Int?

  /// An id that is whole needs nobody who is known: the ledger of years ago may not know them yet.
  private func signer(in context: CommandContext, _ session: Session) async throws -> ActorID? {
    guard let actor else { return nil }
    if let whole = try? ActorID(parsing: actor) { return whole }
    return try await session.state().actor(named: actor, keyAt: context.absolute(actor))
  }

  /// What nobody ever recorded and this program does not know either is a typing error, not a kind
  /// of which there is nothing yet.
  private func known(_ kind: KindSelection, _ session: Session) throws -> KindSelection {
    let kinds = KindCatalogue.rules.map(\.kind)
    guard !kinds.contains(where: kind.selects) else { return kind }
    let filter = EntryFilter(kind: kind, limit: 1)
    guard try session.ledger.read({ try $0.positions(matching: filter).isEmpty }) else {
      return kind
    }
    let near = Spelling.suggestion(for: kind.text, among: kinds.map(\.text))
    throw ValidationError(
      "no event is of the kind \(kind.text)" + (near.map { "; did you mean \($0)?" } ?? ""))
  }

  func validate() throws {
    if let limit, limit < 1 {
      throw ValidationError("--limit is 1 or more, not \(limit)")
    }
  }

  /// - Throws: `ValidationError`, `IdentifierError`; ``AccessWorkError`` for nobody that is known.
  func filter(in context: CommandContext, _ session: Session) async throws -> EntryFilter {
    EntryFilter(
      stream: try stream.map { try StreamName(parsing: $0) },
      kind: try kind.map { try known(KindSelection(parsing: $0), session) },
      environment: try environment.map { try KnownEnvironment(argument: $0).name },
      actor: try await signer(in: context, session),
      from: try from.map(Timestamp.init(argument:)), until: try until.map(Timestamp.init(argument:))
    )
  }
}
