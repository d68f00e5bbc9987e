import CanonicalJSON
import Foundation
import Synchronization
import Testing

@testable import Verification

/// Every single change of a ledger is found, and the finding names the entry or what commits to it.
@Suite struct TamperingTests {
  /// Verifies from `state` on, so that thousands of changes are tried in seconds.
  private func findings(_ ledger: MemoryLedger, after state: VerifiedState) async throws
    -> [Finding]
  {
    try await LedgerVerifier(workers: 1, state: state).verify(ledger).findings
  }

  private func state(of size: Int) async throws -> VerifiedState {
    var ledger = MemoryLedger.golden
    ledger.entries.removeSubrange(size...)
    return try #require(try await LedgerVerifier(workers: 1).verify(ledger).state)
  }

  /// All of a line with one signature, samples of longer ones and of one with two.
  @Test(arguments: [(3, 1), (4, 7), (5, 5), (7, 11)])
  func `every byte of a line changed is found at that entry, or at the next that had seen it`(
    position: Int, step: Int
  ) async throws {
    let state = try await state(of: position)
    var golden = MemoryLedger.golden
    golden.entries.removeSubrange((position + 2)...)
    for index in stride(from: 0, to: golden.entries[position].line.count, by: step) {
      var ledger = golden
      ledger.entries[position].line[index] ^= 1

      let findings = try await findings(ledger, after: state)

      let first = try #require(findings.first, "byte \(index) of line \(position)")
      #expect((position...position + 1).contains(first.position), "byte \(index): \(first)")
    }
  }

  @Test(arguments: [3, 7])
  func `every byte of a body changed is found at that entry`(position: Int) async throws {
    let state = try await state(of: position)
    var golden = MemoryLedger.golden
    golden.entries.removeSubrange((position + 1)...)
    for index in golden.entries[position].body?.indices ?? 0..<0 {
      var ledger = golden
      ledger.entries[position].body?[index] ^= 1

      let findings = try await findings(ledger, after: state)

      #expect(findings.map(\.error.name) == ["bodyDigest"], "byte \(index)")
      #expect(findings.first?.position == position)
    }
  }

  @Test func `the last line changed anywhere is found by the checkpoint at the latest`()
    async throws
  {
    let state = try await state(of: 11)
    let golden = MemoryLedger.goldenWithCheckpoint
    for index in stride(from: 0, to: golden.entries[11].line.count, by: 5) {
      var ledger = golden
      ledger.entries[11].line[index] ^= 1

      let findings = try await findings(ledger, after: state)

      #expect(!findings.isEmpty, "byte \(index)")
      #expect(findings.allSatisfy { $0.position >= 11 })
    }
  }

  @Test(arguments: 0..<12)
  func `a ledger cut short is found by its checkpoint`(size: Int) async throws {
    var ledger = MemoryLedger.goldenWithCheckpoint
    ledger.entries.removeSubrange(size...)

    let report = try await LedgerVerifier().verify(ledger)

    #expect(
      report.findings == [.init(position: size, error: .checkpointSize(signed: 12, entries: size))])
  }

  @Test func `one change is one finding, and those who signed after it are counted`() async throws {
    var ledger = MemoryLedger.golden
    ledger.entries[3].line = Array(
      String(decoding: ledger.entries[3].line, as: UTF8.self)
        .replacingOccurrences(of: "00:03:00.001500", with: "00:03:00.001501").utf8)

    let report = try await LedgerVerifier().verify(ledger)

    #expect(report.findings.map(\.error.name) == ["seenRoot"])
    #expect(report.laterSeenDisagreements == 7)
    #expect(report.state == nil)
  }

  @Test(arguments: GoldenFile.shared.mutated)
  func `the report is the same on one core and on more, in chunks of any size`(
    mutation: GoldenFile.Mutation
  ) async throws {
    let ledger = MemoryLedger.golden.mutated(by: mutation.ops)
    let one = try await LedgerVerifier(workers: 1, chunkEntries: 100).verify(ledger)

    for (workers, chunk) in [(2, 1), (3, 2), (2, 5)] {
      let other = try await LedgerVerifier(workers: workers, chunkEntries: chunk).verify(ledger)
      #expect(other.findings == one.findings)
      #expect(other.root == one.root)
      #expect(other.counts == one.counts)
      #expect(other.unknownKinds == one.unknownKinds)
    }
  }

  @Test func `progress is told in order, up to the end`() async throws {
    let steps = Steps()
    _ = try await LedgerVerifier(workers: 2, chunkEntries: 5).verify(MemoryLedger.golden) {
      steps.add($0.entriesDone)
    }
    #expect(steps.all == [10, 12])
  }
}

/// Collects progress.
private final class Steps: Sendable {
  private let steps = Mutex<[Int]>([])
  var all: [Int] { steps.withLock { $0 } }
  func add(_ step: Int) { steps.withLock { $0.append(step) } }
}
