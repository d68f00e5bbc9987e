import LedgerStore
import Operations

/// One append to a long ledger, against one to a short ledger.
struct GrowthComparison: Comparison {
  private static let repetitions = 300

  let events: Int
  private let short: BenchLedger
  private let long: BenchLedger

  init(of long: BenchLedger, events: Int, short: BenchLedger) {
    self.events = events
    self.short = short
    self.long = long
  }

  var name: String { "median append behind \(events) events" }
  var limit: String { "the same behind \(BenchLedger.shortEvents) events" }
  var bar: Bar { .atMost(1.5) }

  func measureWork() async throws -> Measure { try await append(to: long) }

  func measureLimit() async throws -> Measure { try await append(to: short) }

  private func append(to ledger: BenchLedger) async throws -> Measure {
    let draft = try BenchLedger.draft(1, from: 0)
    var times: [Duration] = []
    for _ in 0..<Self.repetitions {
      times.append(try await ContinuousClock().measure { try await ledger.record(draft) })
    }
    return Percentiles(times).median
  }
}
