import CanonicalJSON
import Foundation
import Testing

@testable import Verification

/// Going on from an earlier verification.
@Suite struct VerifiedStateTests {
  private func state(_ ledger: MemoryLedger, _ size: Int) async throws -> VerifiedState {
    var ledger = ledger
    ledger.entries.removeSubrange(size...)
    let report = try await LedgerVerifier(workers: 1).verify(ledger)
    let state = try #require(report.state)
    #expect(state.size == size)
    return try VerifiedState(parsing: state.bytes())
  }

  @Test(arguments: 1...12)
  func `what is new is judged as if everything had been read`(size: Int) async throws {
    let state = try await state(.golden, size)
    let verifier = LedgerVerifier(
      chunkEntries: 2, pinned: GoldenFile.shared.key("log").vkey, state: state)

    let report = try await verifier.verify(MemoryLedger.goldenWithCheckpoint)

    #expect(report.findings == [])
    #expect(report.trustedSize == size)
    #expect(report.counts.entries == 12 - size)
    #expect(report.root.hex == GoldenFile.shared.entries[11].rootAfter)
    #expect(report.verdict == .verified)
  }

  @Test(
    arguments: GoldenFile.shared.mutated.filter {
      $0.ops.count == 1 && $0.ops[0].op.hasPrefix("append")
    })
  func `a wrong new entry gives the same error`(mutation: GoldenFile.Mutation) async throws {
    let state = try await state(.golden, 12)
    let ledger = MemoryLedger.golden.mutated(by: mutation.ops)

    let report = try await LedgerVerifier(state: state).verify(ledger)

    #expect(report.firstFinding?.error.name == mutation.expected)
    #expect(report.firstFinding?.position == mutation.position)
  }

  @Test func `the state after everything is the state of one run`() async throws {
    let whole = try await state(.golden, 12)
    let half = try await state(.golden, 7)
    let rest = try await LedgerVerifier(state: half).verify(MemoryLedger.golden)
    #expect(rest.state?.bytes() == whole.bytes())
  }

  @Test func `revocations, erasures and retention are remembered`() async throws {
    var forge = try LedgerForge.staffed()
    let subject = GoldenFile.shared.key("approver").owner
    forge.append(.init(actor: "administrator", runs: [.revocation(of: "deployer", suspectFrom: 1)]))
    forge.append(
      .init(
        actor: "administrator",
        runs: [
          .init("privacy.erased", "privacy/\(subject)", 1, [#"{"basis":"request"}"#]),
          .init(
            "retention.applied", "retention/main", 1,
            [#"{"class":"evidence","first":0,"last":1}"#]),
        ]))
    forge.append(.init(runs: [.health(from: 1)]))
    let state = try await state(forge.ledger, 5)
    #expect(state.erasures.count == 1)
    #expect(state.retentions == [.init(retention: .evidence, positions: 0...1)])

    forge.append(
      .init(
        actor: "deployer",
        runs: [.init("build.recorded", "build/tamma", 1, ["{}"], application: "tamma")]))
    let report = try await LedgerVerifier(state: state).verify(forge.ledger)
    #expect(report.findings.map(\.error.name) == ["keyNotValid"])
    #expect(report.suspectKeys.map(\.from) == [1])
  }

  @Test func `causes and roots before the state are proven to its tree`() async throws {
    var forge = try LedgerForge.staffed()
    for version in 1...5 { forge.append(.init(runs: [.health(from: version)])) }
    let state = try await state(forge.ledger, 7)
    let old = SeenTree(root: forge.roots[3], size: 3)
    forge.append(.init(runs: [.health(from: 6)], because: [forge.ids[2], forge.ids[6]], seen: old))
    #expect(try await LedgerVerifier(state: state).verify(forge.ledger).findings == [])

    // The same said of an entry that was changed after the state: its place is no longer proven.
    var changed = forge.ledger
    changed.entries[2].line = changed.entries[3].line
    let report = try await LedgerVerifier(state: state).verify(changed)
    #expect(report.findings.contains { $0.error.name == "becauseUnknown" })

    forge.append(
      .init(runs: [.health(from: 7)], seen: SeenTree(root: Hashing.emptyRoot, size: 3)))
    let wrong = try await LedgerVerifier(state: state).verify(forge.ledger)
    #expect(wrong.findings.map(\.error.name) == ["seenRoot"])

    forge.append(.init(runs: [.health(from: 8)], id: forge.ids[1]))
    let reused = try await LedgerVerifier(state: state).verify(forge.ledger)
    #expect(reused.findings.map(\.error.name) == ["seenRoot", "entryReused"])
  }

  @Test func `a ledger that is shorter than the state is not read at all`() async throws {
    let state = try await state(.golden, 12)
    var ledger = MemoryLedger.golden
    ledger.entries.removeLast(3)
    let report = try await LedgerVerifier(state: state).verify(ledger)
    #expect(report.findings == [.init(position: 9, error: .trustedAhead(size: 12, entries: 9))])
    #expect(report.counts.entries == 0)
  }

  @Test(arguments: [
    ("\"size\":12", "\"size\":13"), ("\"version\":1", "\"version\":2"),
    ("stele/verified-state", "stele/verified"), ("\"role\":\"log\"", "\"role\":\"lord\""),
    ("\"owner\":\"01a2", "\"owner\":\"x1a2"), ("\"stream\":\"ledger/main\"", "\"stream\":1"),
    ("\"origin\":\"tamma/", "\"origin\":\"/"), ("\"frontier\":[\"", "\"frontier\":[\"zz"),
    ("\"frontier\":[", "\"frontier\":3,\"fronts\":["), ("{", "{ "),
  ])
  func `a state that was changed is not read`(change: (String, String)) async throws {
    let text = String(decoding: try await state(.golden, 12).bytes(), as: UTF8.self)
    #expect(text.contains(change.0))
    let changed = text.replacingOccurrences(of: change.0, with: change.1)
    #expect(throws: FormFault.self) { try VerifiedState(parsing: Array(changed.utf8)) }
  }
}
