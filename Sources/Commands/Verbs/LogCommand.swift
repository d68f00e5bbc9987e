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
        $ stele log --kind deployment.judged.v1 --from 2026-11-01Z
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
    let (entries, left) = try session.ledger.read { reader in
      let positions = try range.positions(in: reader)
      let shown = limit(range).map { positions.suffix($0) } ?? positions[...]
      return (
        try shown.map { try ShownEntry(reader.entry(at: $0)) }, positions.count - shown.count
      )
    }
    try context.present(document(entries), as: output.output)
    if left > 0 {
      context.note("\(left) older ones are left out; all of them: --limit \(left + entries.count)")
    }
  }

  /// Only a table of the whole ledger, or of an environment, is cut unasked; nil is no limit.
  private func limit(_ range: EntryRange) -> Int? {
    filter.limit ?? (output.output == .table && range.positions == nil ? Self.tableLimit : nil)
  }

  /// Entries that somebody looks through.
  private static let tableLimit = 50

  private func range(in context: CommandContext, _ session: Session) async throws -> EntryRange {
    var range = try EntryRange(filter.filter())
    guard let releases else { return range }
    guard releases.contains("..") || releases.isSelector else {
      range.filter.environment = try KnownEnvironment(argument: releases).name
      return range
    }
    let application = try await context.application(of: session)
    let state = try await session.state()
    if releases.contains("..") {
      try range.narrow(to: context.selectorRange(releases), of: application, in: state)
    } else {
      try range.narrow(to: context.selector(releases), of: application, in: state)
    }
    return range
  }

  private func document(_ entries: [ShownEntry]) -> Document {
    var table = Table(
      .init("POSITION", .right), .init("RECORDED"), .init("EVENTS", .left, .wraps(comfort: 20)),
      .init("STREAM", .left, .cuts(comfort: 16)), .init("ACTOR", .left, .yields),
      .init("ENVIRONMENT", .left, .yields))
    for entry in entries {
      table.add(
        "\(entry.position)", entry.stored.recorded.seconds, entry.kinds, entry.streams,
        entry.header.actor.short, entry.environment?.rawValue ?? "-")
    }
    let records = entries.flatMap(\.records)
    return Document(
      schema: "stele.log", fields: ["events": .array(records.map(JSONValue.object))],
      records: records, of: ShownEntry.eventSchema,
      text: entries.isEmpty ? ["no entry matches"] : [.table(table)])
  }
}

/// Which entries are asked for.
struct FilterOptions: ParsableArguments {
  @Option(help: "Only entries with this kind of event, such as deployment.judged.v1.")
  var kind: String?

  @Option(help: "Only entries that write this stream, such as release/tamma.production.")
  var stream: String?

  @Option(help: "Only entries about this environment.") var environment: String?
  @Option(help: "Only entries that this actor signed, by id.") var actor: String?

  @Option(help: "Recorded at this UTC time or later, like 2026-11-01Z or 2026-11-01T14:30Z.")
  var from: String?

  @Option(help: "Recorded before this UTC time.") var until: String?
  @Option(help: "How many entries, the newest.") var limit: Int?

  func validate() throws {
    if let limit, limit < 1 {
      throw ValidationError("--limit is 1 or more, not \(limit)")
    }
  }

  func filter() throws -> EntryFilter {
    EntryFilter(
      stream: try stream.map { try StreamName(parsing: $0) },
      kind: try kind.map { try EventKind(parsing: $0) },
      environment: try environment.map { try KnownEnvironment(argument: $0).name },
      actor: try actor.map { try ActorID(parsing: $0) }, from: try from.map(time),
      until: try until.map(time))
  }

  private func time(_ text: String) throws -> Timestamp {
    guard let time = Timestamp(abbreviated: text[...]) else {
      throw ValidationError("'\(text)' is no time: write UTC like 2026-11-01Z or 2026-11-01T14:30Z")
    }
    return time
  }
}
