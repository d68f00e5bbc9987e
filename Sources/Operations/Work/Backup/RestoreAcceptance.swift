import CanonicalJSON
import Events
import Foundation
import LedgerStore
import TransparencyLog
import Verification

/// Whether a staged copy may take the ledger's place; changes nothing.
struct RestoreAcceptance: Sendable {
  private let staged: StagedLedger
  private let sources: RestoreSources
  private let pinned: String
  private let client: ClientState
  private let ring: KeyRing

  init(
    _ staged: StagedLedger, _ sources: RestoreSources, pinned: String, client: ClientState,
    ring: KeyRing
  ) {
    self.ring = ring
    self.staged = staged
    self.sources = sources
    self.pinned = pinned
    self.client = client
  }

  struct Accepted: Sendable {
    let size: Int
    /// The newest checkpoint that it does not reach.
    let lost: KnownHistory.Known?
  }

  /// - Throws: ``RestoreError``, ``HistoryError``.
  func accept(
    _ request: RestoreWork.Request, of origin: Origin,
    _ progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> Accepted {
    // Without the vault's key: who was erased since has no record of it in an older copy yet.
    let report = try await verify(vaultKey: nil, progress)
    try checkReceipt(report)
    let signers = try LogSigners(staged.directory, ring: ring, pinned: pinned)
    let known = try KnownHistory(of: origin, in: staged.live, client: client, signers: signers)
    let lost = try staged.directory.reading(known.newestLost)
    try checkSameLedgerHere(origin)
    try await checkNotNewerHere(than: report, progress)
    try check(lost, request, size: report.size)
    try checkPersonalValues(request, report)
    return Accepted(size: report.size, lost: lost)
  }

  /// Reads every byte of the staged ledger.
  ///
  /// - Throws: ``RestoreError/unsound(position:what:findings:)``.
  /// - Parameter givenUp: Entries of which personal values may be missing.
  @discardableResult
  func verify(
    vaultKey: [UInt8]?, givenUp: RangeSet<Int> = RangeSet(),
    _ progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws -> VerificationReport {
    let source = SQLiteLedger(
      directory: staged.directory.path, vaultKey: vaultKey, hasAnchor: false)
    var verifier = LedgerVerifier(pinned: pinned)
    verifier.givenUp = givenUp
    let report = try await verifier.verify(source, progress: progress)
    let missing = report.findings.count {
      if case .sealedMissing = $0.error { true } else { false }
    }
    if missing > 0, missing == report.findingCount {
      throw RestoreError.personalValues(sealed: missing, missing: "values that the copy lacks")
    }
    if let first = report.firstFinding {
      throw RestoreError.unsound(
        position: first.position, what: "\(first.error)", findings: report.findingCount)
    }
    guard report.isSigned else {
      throw RestoreError.unsigned(size: report.size, signed: report.checkpointSize ?? 0)
    }
    return report
  }

  /// A backup has at least what its receipt says.
  private func checkReceipt(_ report: VerificationReport) throws {
    guard let path = sources.receipt else { return }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let receipt = try? Receipt(parsing: text),
      let checkpoint = try? Checkpoint(parsing: receipt.note.text)
    else { throw RestoreError.noReceipt(path: path) }
    guard checkpoint.size == report.size, checkpoint.root == report.root else {
      throw RestoreError.receipt(path: path, size: checkpoint.size, copied: report.size)
    }
  }

  private func checkSameLedgerHere(_ origin: Origin) throws(HistoryError) {
    // What cannot be read does not say whose it is; its anchor was asked already.
    guard let here = try? staged.live.reading({ try $0.head().origin }),
      (here.name, here.log) != (origin.name, origin.log)
    else { return }
    throw .anotherLedger(source: staged.live.database, known: here, copied: origin)
  }

  /// A ledger that holds together and has more entries is not given up for one that has fewer, with
  /// its anchor or without.
  private func checkNotNewerHere(
    than copy: VerificationReport,
    _ progress: @escaping @Sendable (VerificationProgress) -> Void
  ) async throws {
    guard FileManager.default.fileExists(atPath: staged.live.database) else { return }
    // Nor is what does not open as a ledger any more, whatever its entries are worth.
    guard (try? LedgerInspection(staged.live).settings(of: .ledger)) != nil else { return }
    let source = SQLiteLedger(directory: staged.live.path, hasAnchor: false)
    // What cannot be read is what a restore is for.
    guard let here = try? await LedgerVerifier(pinned: pinned).verify(source, progress: progress),
      here.isSound, here.size > copy.size
    else { return }
    throw RestoreError.newer(path: staged.live.path, here: here.size, copied: copy.size)
  }

  private func check(
    _ lost: KnownHistory.Known?, _ request: RestoreWork.Request, size: Int
  ) throws(RestoreError) {
    if let lost, !request.startsIncarnation {
      throw .lost(source: lost.source, known: lost.size, copied: size, copy: request.copy)
    }
    if lost == nil, request.startsIncarnation { throw .nothingLost(size: size) }
  }

  /// What opens personal values is there, or was given up by name.
  private func checkPersonalValues(
    _ request: RestoreWork.Request, _ report: VerificationReport
  ) throws {
    guard !request.givesUpPersonalValues else { return }
    let sealed = report.counts.sealedNotReadable
    if sources.sources.vault == nil, sealed > 0 {
      throw RestoreError.personalValues(sealed: sealed, missing: "vault.sqlite")
    }
    if sources.sources.peopleKeys == nil, try staged.hasPersonalValues() {
      throw RestoreError.personalValues(sealed: sealed, missing: "people's keys")
    }
  }
}
