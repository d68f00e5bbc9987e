import ArgumentParser
import CanonicalJSON
import Events
import Operations
import TransparencyLog
import Verification

/// `stele restore`: a copy takes the ledger's place.
package struct RestoreCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Put a verified copy in the ledger's place.",
    discussion: """
      Reads every byte of the copy with the log's pinned key, holds it against the anchor and what \
      this client has verified, erases again whoever was erased since, and only then replaces \
      anything. What it replaces is kept in .stele/replaced-N. A ledger that holds together and \
      has more entries is never replaced; entries that are lost need a new incarnation, signed by \
      the administrator and the recovery keys, that names what was lost. Who restored it is
      recorded in what comes of it.

        $ stele restore /backups/2026-11-22
        $ stele restore /backups/2026-11-22 --start-incarnation --recovery /usb/recovery.pem
      """)

  @Argument(
    help: ArgumentHelp(
      "A folder that `stele backup` made, or a copy of ledger.sqlite.", valueName: "copy"))
  var copy: String

  @Option(
    name: .customLong("people-keys"),
    help: ArgumentHelp("The copy of people's keys, if they are lost here.", valueName: "file"))
  var peopleKeys: String?

  @Option(help: "The log's verifier key as you know it, from `stele init`.")
  var vkey: String?

  @Flag(name: .customLong("start-incarnation"), help: "Go on although entries are lost.")
  var startIncarnation = false

  @OptionGroup var keys: RecoveryKeys

  @Flag(
    name: .customLong("without-personal-values"),
    help: "Go on although vault or people's keys are lost.")
  var withoutPersonalValues = false

  @Flag(
    name: .customLong("vault-only"),
    help: "Keep the ledger as it is; take only its vault's files from the copy.")
  var vaultOnly = false

  @OptionGroup var identity: IdentityOptions
  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let restored = try await restore(in: context)
    if restored.isEarlierOne {
      context.warn("a restore that had been interrupted was finished; \(copy) was not looked at")
    }
    try context.present(document(restored), as: output.output)
    context.note(
      """
      Agents of the ledger that was replaced end by themselves, and their replicas run on: \
      `stele agent ENVIRONMENT`, a sync or a deployment starts the next one.
      Next: stele verify
      """)
  }

  private func restore(in context: CommandContext) async throws -> RestoreWork.Restored {
    var request = RestoreWork.Request(copy: context.absolute(copy))
    request.peopleKeys = peopleKeys.map(context.absolute)
    request.vkey = try vkey.map(VerifierKey.init(argument:))
    request.startsIncarnation = startIncarnation
    request.recoveryKeys = keys.paths(in: context)
    request.givesUpPersonalValues = withoutPersonalValues
    request.isOfVaultOnly = vaultOnly
    request.credential = try identity.credential(in: context)
    let line = ProgressLine(context)
    line.begin("verifying \(request.copy)")
    defer { line.end() }
    return try await RestoreWork(context.workspace(), variables: context.variables)
      .restore(request) { progress in
        line.show("\(progress.entriesDone) of \(progress.entries) entries")
      }
  }

  private func document(_ restored: RestoreWork.Restored) -> Document {
    var fields: JSONObject = [
      "erasedAgain": .array(restored.erased.map { .string("\($0)") }),
      "origin": .string(restored.origin.description), "root": .string(restored.root.hex),
      "size": .integer(Int64(restored.size)),
    ]
    var text: [Passage] = [
      "restored   \(restored.origin)", "size       \(restored.size) entries, root \(restored.root)",
    ]
    if let (position, lost) = restored.incarnation {
      fields["incarnationAt"] = .integer(Int64(position))
      fields["lost"] = .integer(Int64(lost))
      text.append("lost       \(lost) entries; entry \(position) says so and begins a new origin")
    }
    if !restored.erased.isEmpty {
      text.append("erased     \(restored.erased.count) people again, and recorded it")
    }
    if !restored.givenUp.isEmpty {
      let entries = restored.givenUp.ranges.reduce(0) { $0 + $1.count }
      fields["givenUpIn"] = .integer(Int64(entries))
      text.append("given up   personal values of \(entries) entries, which nothing opens any more")
    }
    return Document(schema: "stele.restore", fields: fields, records: [fields], text: text)
  }
}
