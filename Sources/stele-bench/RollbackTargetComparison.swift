import Events
import LedgerStore
import Operations
import Projections

/// From nothing to the release that a rollback would restore: opening the ledger, whose files are
/// not in memory, and asking it. All its events came after both releases.
struct RollbackTargetComparison: Comparison {
  private static let openings = 11

  let events: Int
  private let ledger: BenchLedger

  init(of ledger: BenchLedger, events: Int) {
    self.ledger = ledger
    self.events = events
  }

  var name: String { "rollback target, files not in memory, \(events) events" }
  var limit: String { "20 ms" }
  var bar: Bar { .atMost(1) }

  func measureWork() async throws -> Measure {
    let place = try BenchReleases.place
    var times: [Duration] = []
    for _ in 0..<Self.openings {
      ledger.dropFromMemory()
      times.append(
        try await ContinuousClock().measure {
          let session = try await ledger.reopened(for: .reading).session
          let target = try await session.state().releases.rollbackTarget(in: place)
          precondition(target?.number == 1, "another release than the one before")
        })
    }
    return Percentiles(times).median
  }

  func measureLimit() -> Measure { .milliseconds(20) }
}
