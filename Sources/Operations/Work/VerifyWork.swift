import Events
import LedgerStore
import TransparencyLog
import Verification

/// `stele verify`: reads every byte of a ledger anew, then compares it with what this client has
/// verified before.
///
/// Opens the files itself: a ledger that nobody can open any more is what verification is for.
package struct VerifyWork: Sendable {
  private let workspace: Workspace
  private let variables: [String: String]
  private let client: ClientState

  package init(_ workspace: Workspace, variables: [String: String]) {
    self.workspace = workspace
    self.variables = variables
    client = ClientState(directory: KeyRing.stateDirectory(variables: variables))
  }

  package struct Result: Sendable {
    package let report: VerificationReport
    package let memory: Memory
    /// What this client had verified, and the ledger itself says was lost.
    package let lost: [LostEntries]
    /// How many sealed values nothing opens, though the key of the vault is here: its files are
    /// missing or are another's, and no erasure says why.
    package let vaultLost: Int
    /// Why the vault's files were not looked at; nil where they were, or are not here.
    package let vaultNotRead: LedgerError?
    /// Whether everybody was entitled; nil where the entries themselves are not sound.
    package let entitlement: Entitlement?

    /// Entries under no checkpoint, with which each is recorded here: whoever wrote them had no key
    /// of the log.
    package var uncovered: Range<Int>? { report.uncovered.isEmpty ? nil : report.uncovered }

    package var isSound: Bool {
      report.isSound && uncovered == nil && !memory.disagrees && vaultLost == 0
        && entitlement?.findings.isEmpty != false
    }
    package var verdict: VerificationVerdict { isSound ? report.verdict : .broken }
  }

  /// How the ledger compares with what this client remembers of it.
  package enum Memory: Sendable {
    /// It goes on from what was remembered, and is remembered now itself; nil is nothing before.
    case agrees(before: Int?)
    case disagrees(any Error)
    /// It goes on from what was remembered, and could not be remembered itself.
    case notKept(before: Int?, any Error)
    /// Something is wrong already.
    case notCompared

    package var disagrees: Bool {
      if case .disagrees = self { true } else { false }
    }
  }

  /// - Parameter vkey: The log's key as the caller knows it; nil for the one pinned here, if any.
  /// - Throws: ``WorkspaceError/noLedger(_:)``; `LedgerReadError` when the files cannot be read,
  ///   `LedgerError` when what this client remembers, or the vault's key, cannot be.
  package func verify(
    vkey: VerifierKey?, progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> Result {
    try workspace.requireLedger()
    let origins = try origins()
    let pinned = try vkey?.text ?? origins.lazy.compactMap { try client.pin(for: $0) }.first
    let key = try origins.first.flatMap(vaultKey)
    let source = SQLiteLedger(directory: workspace.ledger, vaultKey: key)
    var verifier = LedgerVerifier(pinned: pinned)
    verifier.givenUp = try origins.first.map { try keys(of: $0).givenUp.entries() } ?? RangeSet()
    let report = try await verifier.verify(source, progress: progress)
    guard report.isSound else {
      return Result(
        report: report, memory: .notCompared, lost: [], vaultLost: 0, vaultNotRead: nil,
        entitlement: nil)
    }
    return try compare(
      report, origins.first, vaultLost: key == nil ? 0 : report.counts.sealedNotReadable)
  }

  /// Of the newest entry and of the first, as far as either can be read: nothing here is believed,
  /// it only says which key ring and which pin to look for.
  private func origins() throws -> [Origin] {
    let source = SQLiteLedger(directory: workspace.ledger)
    let size = try source.contents(countingRows: false).entries
    var origins: [Origin] = []
    for position in Set([0, max(0, size - 1)]).sorted(by: >) {
      // A damaged row has no origin to offer; the verifier names it.
      try? source.read(position..<position + 1) { bytes in
        guard let line = try? EntryLine(parsing: Array(bytes.line)),
          let header = try? EntryHeader(parsing: line.header)
        else { return }
        origins.append(header.ledger)
      }
    }
    return origins
  }

  /// Nil on a machine without the key ring: sealed values are not opened then, and that is said.
  ///
  /// - Throws: `LedgerError`: it is there, and cannot be read or is not safe to use.
  private func vaultKey(_ origin: Origin) throws(LedgerError) -> [UInt8]? {
    try keys(of: origin).vaultSecret()
  }

  private func keys(of origin: Origin) -> KeyRing {
    KeyRing(log: origin.log.text, variables: variables)
  }

  private func compare(
    _ report: VerificationReport, _ origin: Origin?, vaultLost: Int
  ) throws -> Result {
    let vault = vaultSight()
    do {
      let before = try origin.flatMap { try client.checkpoint(of: $0)?.size }
      let ledger = try Ledger.open(directory: workspace.ledger, for: .reading)
      let lost = try ledger.read { try client.compare($0) }
      let entitlement = try Entitlement(of: ledger.makeReader())
      let memory = try remember(ledger, before: before)
      return Result(
        report: report, memory: vault.fault.map(Memory.disagrees) ?? memory, lost: lost,
        vaultLost: vaultLost, vaultNotRead: vault.obstacle, entitlement: entitlement)
    } catch let error as LedgerError where error.exitStatus == .integrity {
      return Result(
        report: report, memory: .disagrees(error), lost: [], vaultLost: vaultLost,
        vaultNotRead: vault.obstacle, entitlement: nil)
    }
  }

  /// The tables and rows of the vault's files, as far as they are here: a trigger in one would lose
  /// what is sealed next, a false tombstone would keep somebody from sealing.
  ///
  /// - Returns: What is wrong with them, or what kept this user from looking.
  private func vaultSight() -> (fault: LedgerError?, obstacle: LedgerError?) {
    do {
      try checkVault()
      return (nil, nil)
    } catch {
      return error.exitStatus == .integrity ? (error, nil) : (nil, error)
    }
  }

  private func checkVault() throws(LedgerError) {
    let inspection = LedgerInspection(LedgerDirectory(workspace.ledger))
    for file in [LedgerInspection.File.vault, .peopleKeys] where inspection.has(file) {
      _ = try inspection.settings(of: file)
      try inspection.checkRows(of: file)
    }
    if inspection.has(.peopleKeys) { try inspection.checkErasures() }
  }

  /// - Throws: `LedgerError` when it disagrees with what is remembered; that it could not be
  ///   written down is an answer.
  private func remember(_ ledger: Ledger, before: Int?) throws -> Memory {
    do {
      try ledger.read { try client.remember($0) }
      return .agrees(before: before)
    } catch {
      if (error as? LedgerError)?.exitStatus == .integrity { throw error }
      return .notKept(before: before, error)
    }
  }
}

extension LedgerReadError: ExitingError {
  package var exitStatus: ExitStatus { .integrity }
}
