import ArgumentParser
import CanonicalJSON
import Events
import LedgerStore
import Operations
import TransparencyLog
import Verification

/// `stele backup`: a verified copy of the ledger in a folder of its own.
package struct BackupCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy the ledger and its vault, and verify the copy.",
    discussion: """
      Copies by SQLite's online backup API, so that others may append meanwhile, then reads every \
      byte of the copy anew. FOLDER is there whole, or not at all. It holds personal words \
      encrypted, and nobody's key: those go into a file of their own, which each backup replaces, \
      so that an erasure reaches it. Keep that file out of whatever keeps versions. Who exports is
      recorded first, allowed or not, so the copy says so itself.

        $ stele backup /backups/2026-11-22 --people-keys /elsewhere/people-keys.sqlite
        $ stele restore /backups/2026-11-22
      """)

  @Argument(help: "Where the copy goes; nothing may stand there yet.") var folder: String

  @Option(
    name: .customLong("people-keys"),
    help: ArgumentHelp(
      "Copies people's keys into this file, replacing it.", valueName: "file"))
  var peopleKeys: String?

  @Option(help: "The log's verifier key as you know it, from `stele init`.")
  var vkey: String?

  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let made = try await backUp(in: context)
    try context.present(document(made), as: output.output)
    if made.peopleKeys == nil {
      context.note(
        """
        People's keys are not in it: without them the personal words in it stay closed for ever.
        Copy them with --people-keys FILE.
        """)
    }
  }

  private func backUp(in context: CommandContext) async throws -> BackupWork.Made {
    let key = try vkey.map(VerifierKey.init(argument:))
    let workspace = try context.workspace()
    let line = ProgressLine(context)
    line.begin("copying \(workspace.ledger)")
    defer { line.end() }
    return try await BackupWork(workspace, variables: context.variables).backUp(
      to: context.absolute(folder), peopleKeys: peopleKeys.map(context.absolute), vkey: key,
      by: identity.credential(in: context)
    ) { progress in
      line.show("\(progress.entriesDone) of \(progress.entries) entries of the copy verified")
    }
  }

  private func document(_ made: BackupWork.Made) -> Document {
    var fields: JSONObject = [
      "folder": .string(made.folder.path), "origin": .string(made.origin.description),
      "receipt": .string(made.folder.receipt), "root": .string(made.root.hex),
      "size": .integer(Int64(made.size)), "verdict": .string(made.verdict.rawValue),
    ]
    fields["peopleKeys"] = made.peopleKeys.map { .string($0.path) }
    var text: [Passage] = [
      "backup   \(made.folder.path)", "ledger   \(made.origin)",
      "size     \(made.size) entries, root \(made.root)", "copy     \(made.verdict.rawValue)",
      "receipt  \(made.folder.receipt)",
    ]
    if let keys = made.peopleKeys { text.append("people   \(keys.path)") }
    return Document(schema: "stele.backup", fields: fields, records: [fields], text: text)
  }
}
