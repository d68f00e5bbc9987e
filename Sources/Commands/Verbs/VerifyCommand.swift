import ArgumentParser
import LedgerStore
import Operations
import TransparencyLog
import Verification

/// `stele verify`: whether the ledger, or a receipt, is what was signed.
package struct VerifyCommand: SteleCommand {
  package static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the whole ledger, or a receipt; exits 10 when it does not hold together.",
    discussion: """
      Reads every byte anew: signatures, hashes, order, keys, checkpoints, and what this client \
      has verified before. Decides every access decision again, and names whoever recorded what \
      they were not entitled to. "verified" needs the log's key from elsewhere (--vkey, or pinned \
      by `stele init`); without it a ledger can only be self-consistent, and a receipt of which no \
      signature could be checked is inconclusive, exit 3.

        $ stele verify
        $ stele verify 812.receipt --vkey tamma/…
      """)

  @Argument(
    help: ArgumentHelp("A receipt; otherwise the ledger is verified.", valueName: "receipt"))
  var receipt: String?

  @Option(help: "The log's verifier key as you know it, from `stele init`.")
  var vkey: String?

  @OptionGroup var output: OutputOptions

  package init() {}

  package func run(in context: CommandContext) async throws {
    let key = try vkey.map(VerifierKey.init(argument:))
    if let receipt {
      try await verify(receipt, key, in: context)
    } else {
      try await verifyLedger(key, in: context)
    }
  }

  private func verifyLedger(_ key: VerifierKey?, in context: CommandContext) async throws {
    let workspace = try context.workspace()
    let line = ProgressLine(context)
    line.begin("verifying \(workspace.ledger)")
    let work = VerifyWork(workspace, variables: context.variables)
    let result = try await work.verify(vkey: key) { progress in
      line.show(
        "\(progress.entriesDone) of \(progress.entries) entries, \(progress.findings) wrong")
    }
    line.end()
    let view = VerificationView(result: result, style: context.resultStyle)
    try context.present(view.document, as: output.output)
    guard result.isSound else { throw Verdict(.integrity) }
    if result.verdict == .inconclusive { throw Verdict(.inconclusive) }
  }

  private func verify(
    _ receipt: String, _ key: VerifierKey?, in context: CommandContext
  ) async throws {
    let report = try await ReceiptWork(variables: context.variables).verify(
      fileAt: context.absolute(receipt), vkey: key, session: ledgerAtHand(context))
    try context.present(ReceiptView(report: report).document, as: output.output)
    guard report.isSignedByAnyoneKnown else {
      context.note(
        """
        Neither the log's signature nor that of a signer was checked: anybody could have written it.
        Name the log's key, from whoever ran `stele init` or `stele key list`: \
        `stele verify \(receipt) --vkey KEY`
        """)
      throw Verdict(.inconclusive)
    }
  }

  /// A receipt needs no ledger; where one can be opened, its keys recognise more signers.
  private func ledgerAtHand(_ context: CommandContext) -> Session? {
    do {
      return try context.reading()
    } catch WorkspaceError.notFound, WorkspaceError.noLedger {
      return nil
    } catch {
      context.warn("no keys were taken from the ledger here, which does not open. \(error)")
      return nil
    }
  }
}

extension VerifierKey {
  /// - Throws: `ValidationError` with what is wrong with it.
  init(argument text: String) throws {
    do {
      try self.init(parsing: text, using: LibcryptoHashing())
    } catch {
      throw ValidationError("'\(text)' is no verifier key: \(error)")
    }
  }
}
