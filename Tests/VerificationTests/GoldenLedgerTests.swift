import CanonicalJSON
import Testing

@testable import Verification

/// The golden ledger, and each of its mutations with the error and position to name.
@Suite struct GoldenLedgerTests {
  @Test func `the golden ledger is sound up to its checkpoint`() async throws {
    let report = try await LedgerVerifier(workers: 1).verify(MemoryLedger.goldenWithCheckpoint)

    #expect(report.findings == [])
    #expect(report.size == 12)
    #expect(report.root.hex == GoldenFile.shared.entries[11].rootAfter)
    #expect(report.checkpointSize == 12)
    #expect(report.verdict == .selfConsistent)
    #expect(report.counts.signatures == 20)
    #expect(report.counts.sealedValues == 3)
    #expect(report.counts.bodies == 12)
    #expect(report.counts.events == 26)
  }

  @Test(arguments: GoldenFile.shared.mutated)
  func `a mutated ledger gives the error and the position that the golden file names`(
    mutation: GoldenFile.Mutation
  ) async throws {
    let ledger = MemoryLedger.golden.mutated(by: mutation.ops)

    let report = try await LedgerVerifier(workers: 2, chunkEntries: 3).verify(ledger)

    #expect(report.firstFinding?.error.name == mutation.expected, "\(report.findings)")
    #expect(report.firstFinding?.position == mutation.position)
    #expect(report.isSound == (mutation.expected == nil))
  }
}
