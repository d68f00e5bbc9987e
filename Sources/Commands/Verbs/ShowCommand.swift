import ArgumentParser
import CanonicalJSON
import Events
import LedgerStore
import Operations
import Projections
import TransparencyLog

/// `stele show`: one entry, whole.
package struct ShowCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one entry with its data and signatures.",
    discussion: """
      A receipt proves offline that the entry is in the ledger: check it with `stele verify FILE`.
      Revealing personal values is recorded, allowed or not.

        $ stele show 812
        $ stele show 812 --receipt > 812.receipt
        $ stele show production#3
      """)

  @Argument(
    help: ArgumentHelp("Its position, its id, or the release that it started.", valueName: "entry"))
  var entry: String

  @Flag(help: "Print the entry's receipt instead, and nothing else.") var receipt = false
  @Flag(help: "Open personal values; recorded with your name.") var reveal = false

  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func validate() throws {
    if receipt && reveal { throw ValidationError("a receipt has no personal values to --reveal") }
  }

  package func run(in context: CommandContext) async throws {
    let session = try reveal ? context.appending() : context.reading()
    let position = try await position(in: session, context)
    guard !receipt else {
      return context.results.write(
        try session.ledger.read { try $0.receipt(for: position) }.serialized)
    }
    let shown = try session.ledger.read { try ShownEntry($0.entry(at: position)) }
    let keys = try await session.state().keys
    let revealed = try await revealed(shown, in: context, session)
    try await session.close()
    try context.present(
      EntryView(entry: shown, keys: keys, revealed: revealed).document(), as: output.output)
  }

  /// - Throws: ``EntryUnknown``.
  private func position(in session: Session, _ context: CommandContext) async throws -> Int {
    let size = try session.ledger.head().size
    if let position = Int(entry) {
      guard (0..<size).contains(position) else { throw EntryUnknown(text: entry, size: size) }
      return position
    }
    guard let id = try? EntryID(parsing: entry) else {
      let selector = try context.selector(entry)
      let application = try await context.application(of: session)
      return try await session.state().releases.resolve(selector, of: application).position
    }
    guard let position = try session.ledger.read({ try $0.position(of: id) }) else {
      throw EntryUnknown(text: entry, size: size)
    }
    return position
  }

  private func revealed(
    _ shown: ShownEntry, in context: CommandContext, _ session: Session
  ) async throws -> [SealedPlace: Revealed] {
    guard reveal else { return [:] }
    let person = try await session.person(identity.credential(in: context))
    return try await RevealWork(session).reveal(
      SealedPlace.all(in: shown.data ?? []), at: shown.position,
      scope: Scope(application: shown.application, environment: shown.environment), by: person)
  }
}

/// No entry of this ledger has that name.
struct EntryUnknown: ExitingError, Equatable {
  let text: String
  let size: Int

  var exitStatus: ExitStatus { .badData }

  var description: String {
    """
    Nothing is shown: this ledger has no entry \(text), it has \(size), numbered from 0.
    List the newest with `stele log`.
    """
  }
}
