import LedgerStore
import Operations
import Verification

/// Verifying what is new since an earlier verification of a long ledger, against as much that is
/// new in a short one.
struct IncrementalComparison: Comparison {
  /// Entries of one event that are appended before each.
  private static let new = 500

  let events: Int
  private let short: Verified
  private let long: Verified

  init(of long: BenchLedger, events: Int, short: BenchLedger) async throws {
    self.events = events
    self.short = try await Verified(short)
    self.long = try await Verified(long)
  }

  var name: String { "verification of \(Self.new) new entries, \(events) events" }
  var limit: String { "the same behind \(BenchLedger.shortEvents) events" }
  var bar: Bar { .atMost(1.5) }

  func measureWork() async throws -> Measure { try await long.grow(by: Self.new) }

  func measureLimit() async throws -> Measure { try await short.grow(by: Self.new) }

  /// A ledger that was verified once.
  private struct Verified {
    private let ledger: BenchLedger
    private let state: VerifiedState?

    init(_ ledger: BenchLedger) async throws {
      self.ledger = ledger
      state = try await Self.verify(ledger, after: nil).state
    }

    /// How long it takes to verify `count` new entries, and nothing else.
    func grow(by count: Int) async throws -> Measure {
      let before = try await Self.verify(ledger, after: state).state
      let draft = try BenchLedger.draft(1, from: 0)
      for _ in 0..<count { try await ledger.record(draft) }
      return try await .time {
        let report = try await Self.verify(ledger, after: before)
        precondition(report.counts.entries == count, "not what is new")
      }
    }

    private static func verify(
      _ ledger: BenchLedger, after state: VerifiedState?
    ) async throws -> VerificationReport {
      let report = try await LedgerVerifier(state: state)
        .verify(SQLiteLedger(directory: ledger.directory))
      precondition(report.findingCount == 0, "the ledger did not verify: \(report.findings)")
      return report
    }
  }
}
