import CanonicalJSON
import Testing

@testable import Verification

/// What the first entry must be.
@Suite struct GenesisTests {
  private func first(_ forge: LedgerForge) async throws -> [String] {
    try await LedgerVerifier(workers: 1).verify(forge.ledger).findings
      .map { "\($0.position) \($0.error.name)" }
  }

  @Test func `a ledger without entries is sound, and has the empty tree's root`() async throws {
    let report = try await LedgerVerifier().verify(MemoryLedger(entries: []))

    #expect(report.isSound)
    #expect(report.size == 0)
    #expect(
      report.root.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(report.origin == nil)
    #expect(report.verdict == .selfConsistent)
  }

  @Test func `genesis with two log keys is refused, and so is one with none`() async throws {
    var forge = try LedgerForge()
    forge.append(
      .init(
        actor: "administrator", signers: ["administrator", "log", "newlog"],
        runs: [
          .init("ledger.created", "ledger/main", 1, [#"{"recoveryThreshold":1}"#]),
          .registration(of: "administrator"), .registration(of: "log"),
          .registration(of: "newlog"),
        ]))
    #expect(try await first(forge) == ["0 logKeyUnpaired"])
    #expect(
      try await first(LedgerForge.begun(registering: ["administrator"])) == ["0 logKeyUnpaired"])
  }

  @Test func `a ledger that begins with anything else has no genesis`() async throws {
    var forge = try LedgerForge()
    forge.append(.init(runs: [.health(from: 1)], seen: .init(root: forge.tree.root, size: 1)))
    #expect(try await first(forge).first == "0 genesisMissing")
  }

  @Test func `genesis of a second incarnation is of no ledger`() async throws {
    var forge = try LedgerForge()
    forge.append(
      .init(
        actor: "administrator", signers: ["administrator", "log"],
        runs: [
          .init("ledger.created", "ledger/main", 1, [#"{"recoveryThreshold":1}"#]),
          .registration(of: "administrator"), .registration(of: "log"),
        ], origin: String(LedgerForge.origin.dropLast()) + "2"))
    #expect(try await first(forge) == ["0 ledgerMismatch"])
  }

  @Test func `a recovery threshold of nobody is refused`() async throws {
    #expect(try await first(LedgerForge.begun(threshold: 0)).first == "0 dataForm")
  }

  @Test func `a key that does not sign the genesis that registers it is refused`() async throws {
    var forge = try LedgerForge()
    forge.append(
      .init(
        actor: "administrator", signers: ["administrator"],
        runs: [
          .init("ledger.created", "ledger/main", 1, [#"{"recoveryThreshold":1}"#]),
          .registration(of: "administrator"), .registration(of: "log"),
        ]))
    #expect(try await first(forge) == ["0 registrationUnsigned"])
  }

  @Test func `without the genesis body its keys are not known, and only that is said of it`()
    async throws
  {
    var ledger = try LedgerForge.staffed().ledger
    ledger.entries[0].body = nil

    let findings = try await LedgerVerifier(workers: 1).verify(ledger).findings

    #expect(findings.map(\.error.name) == ["bodyMissing", "keyUnknown"])
    #expect(findings.map(\.position) == [0, 1])
  }
}
