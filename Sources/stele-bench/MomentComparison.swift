import LedgerStore
import Operations
import Projections

/// Every answer as of moments all over a ledger's past: what all but one in a hundred take at most.
struct MomentComparison: Comparison {
  private static let moments = 300

  let events: Int
  private let session: Session
  private let size: Int

  init(of ledger: BenchLedger, events: Int) async throws {
    self.events = events
    session = try await ledger.reopened(for: .reading).session
    size = try session.ledger.head().size
  }

  var name: String { "p99 of the state at any position, \(events) events" }
  var limit: String { "10 ms" }
  var bar: Bar { .atMost(1) }

  func measureWork() async throws -> Measure {
    var times: [Duration] = []
    for number in 1...Self.moments {
      // A prime's multiples are all over the place, and the same in every run.
      let position = number * 15_485_863 % size + 1
      times.append(
        try await ContinuousClock().measure {
          let state = try await session.state(ofSize: position)
          precondition(state.size == position, "the state of another moment")
        })
    }
    return Percentiles(times).p99
  }

  func measureLimit() -> Measure { .milliseconds(10) }
}
