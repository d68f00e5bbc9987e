import LedgerStore
import Operations
import Projections

/// All events into all projections, from the first and without a snapshot, against a scan that only
/// touches the rows.
struct ReplayComparison: Comparison {
  let events: Int
  private let ledger: BenchLedger

  init(of ledger: BenchLedger, events: Int) {
    self.ledger = ledger
    self.events = events
  }

  var name: String { "replay of all events into all projections" }
  var limit: String { "scan of headers and bodies" }
  var bar: Bar { .atLeast(0.12) }

  func measureWork() async throws -> Measure {
    let reader = try ledger.session.ledger.makeReader()
    let size = try reader.head().size
    return try await .rate(of: events) {
      var state = LedgerState()
      try state.fold(reader, upTo: size)
      precondition(state.size == size && state.unreadable == 0, "the replay is incomplete")
    }
  }

  func measureLimit() async throws -> Measure {
    let database = try RawDatabase(ledger.directory + "/ledger.sqlite", readOnly: true)
    return try await .rate(of: events) {
      var sum = 0
      let sql = "SELECT header, body FROM entry LEFT JOIN body USING (position) ORDER BY position"
      try database.forEachRow(sql, columns: 2) { columns in
        for column in columns { sum &+= Int(column.last ?? 0) }
      }
      precondition(sum > 0, "the scan read nothing")
    }
  }
}
