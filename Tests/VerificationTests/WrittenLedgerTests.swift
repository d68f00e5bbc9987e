import CanonicalJSON
import Events
import LedgerStore
import TestKit
import Testing
import TransparencyLog

@testable import Verification

/// What the program that writes has written, read by the verifier that shares nothing with it.
@Suite struct WrittenLedgerTests {
  let store: TemporaryLedger
  private let person = GoldenKey.approver.owner

  init() throws { store = try TemporaryLedger() }

  private func verify(
    state: VerifiedState? = nil, vaultKey: [UInt8]? = nil
  ) async throws -> VerificationReport {
    let verifier = LedgerVerifier(
      workers: 2, chunkEntries: 16, pinned: GoldenFile.shared.key("log").vkey, state: state)
    return try await verifier.verify(
      SQLiteLedger(directory: store.path, vaultKey: vaultKey ?? store.secrets.vaultKey))
  }

  @discardableResult
  private func approve(_ words: String) throws -> Receipt {
    try store.ledger.append(store.approval(words))
  }

  private func measure(_ count: Int) throws {
    for _ in 0..<count {
      let event = DraftEvent(
        kind: "health.checked.v1", data: ["verdict": "pass"],
        in: try StreamName(parsing: "health/tamma.production"),
        scope: Scope(application: "tamma", environment: "production"))
      try store.append(EntryDraft([event, event]), by: [.service])
    }
  }

  @Test func `a written ledger is verified, its vault, tiles, rows and anchor included`()
    async throws
  {
    try approve("looks good")
    try measure(300)

    let report = try await verify()

    #expect(report.findings == [])
    #expect(report.verdict == .verified)
    #expect(report.size == 302)
    #expect(report.root == (try store.ledger.head().seen.root))
    #expect(report.counts.tiles == 1)
    #expect(report.counts.sealedValues == 1)
    #expect(report.counts.checkpoints == 2)
  }

  @Test func `another vault's key says nothing, an erasure is neither valid nor broken`()
    async throws
  {
    try approve("looks good")
    let locked = try await verify(vaultKey: [UInt8](repeating: 1, count: 32))
    #expect(locked.findings == [])
    #expect(locked.counts.sealedNotReadable == 1)

    try store.ledger.erase(person)
    #expect(try await verify().findings.map(\.error.name) == ["sealedMissing"])

    let erased = DraftEvent(
      kind: "privacy.erased.v1", data: ["basis": "request"],
      in: try StreamName(parsing: "privacy/\(person)"))
    try store.append(EntryDraft([erased]), by: [.administrator])
    let report = try await verify()
    #expect(report.findings == [])
    #expect(report.erased == 1)
  }

  @Test func `verification goes on where it ended, while the ledger grows`() async throws {
    try measure(270)
    let state = try #require(try await verify().state)
    try approve("later")
    try measure(20)

    let report = try await verify(state: state)

    #expect(report.findings == [])
    #expect(report.counts.entries == 21)
    #expect(report.verdict == .verified)
    #expect(report.root == (try store.ledger.head().seen.root))
  }

  @Test func `receipts that it gave are verified without it`() async throws {
    try measure(3)
    let receipt = try approve("looks good")
    let verifier = ReceiptVerifier(
      logKeys: [GoldenFile.shared.key("log").vkey ?? ""],
      signerKeys: [Hex.decode(GoldenFile.shared.key("approver").spki) ?? []])

    let report = try verifier.verify(receipt.serialized)

    #expect(report.position == 4)
    #expect(report.verdict == .verified)
    #expect(report.limits == [.notWitnessed, .bodyNotRead])
  }
}
