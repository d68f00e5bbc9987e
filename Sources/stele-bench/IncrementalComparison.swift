import LedgerStore
import Operations
import Verification

/// Verifying what is new since an earlier verification of a long ledger, against as much that is
/// new in a short one.
struct IncrementalComparison: Comparison {
  /// Entries of one event that were appended since.
  private static let new = 500

  let events: Int
  private let short: Verified
  private let long: Verified

  init(of long: BenchLedger, events: Int, short: BenchLedger) async throws {
    self.events = events
    self.short = try await Verified(short, appending: Self.new)
    self.long = try await Verified(long, appending: Self.new)
  }

  var name: String { "verification of \(Self.new) new entries, \(events) events" }
  var limit: String { "the same behind \(BenchLedger.shortEvents) events" }
  var bar: Bar { .atMost(1.5) }

  func measureWork() async throws -> Measure { try await long.verify() }

  func measureLimit() async throws -> Measure { try await short.verify() }

  /// A ledger that was verified, and has grown since.
  private struct Verified {
    private let directory: String
    private let state: VerifiedState?

    init(_ ledger: BenchLedger, appending count: Int) async throws {
      directory = ledger.directory
      state = try await LedgerVerifier().verify(SQLiteLedger(directory: directory)).state
      precondition(state != nil, "the ledger did not verify")
      let growing = try await ledger.reopened()
      let draft = try BenchLedger.draft(1, from: 0)
      for _ in 0..<count { try await growing.record(draft) }
      try await growing.session.close()
    }

    func verify() async throws -> Measure {
      try await .time {
        let report = try await LedgerVerifier(state: state)
          .verify(SQLiteLedger(directory: directory))
        precondition(report.findingCount == 0, "the ledger did not verify: \(report.findings)")
        precondition(report.counts.entries == IncrementalComparison.new, "not only what is new")
      }
    }
  }
}
