import Foundation
import LedgerStore
import Operations

/// Opening a ledger to append, and one append, after the process that was appending was ended by
/// kill -9.
struct CrashComparison: Comparison {
  let events: Int
  private let ledger: BenchLedger

  init(of ledger: BenchLedger, events: Int) {
    self.ledger = ledger
    self.events = events
  }

  var name: String { "open and append after kill -9, \(events) events" }
  var limit: String { "150 ms" }
  var bar: Bar { .atMost(1) }

  func measureWork() async throws -> Measure {
    try await appendAndKill()
    let draft = try BenchLedger.draft(1, from: 0)
    return try await .time {
      let opened = try await ledger.reopened()
      try await opened.record(draft)
    }
  }

  func measureLimit() -> Measure { .milliseconds(150) }

  private func appendAndKill() async throws {
    let child = BenchProcess(arguments: ["--appending", ledger.root], of: ledger).process
    let reading = try await ledger.reopened(for: .reading).session.ledger
    let before = try reading.head().size
    try child.run()
    while try reading.head().size < before + 200 {
      guard child.isRunning else {
        throw ProgramFailed(program: "stele-bench --appending", status: child.terminationStatus)
      }
      try await Task.sleep(for: .milliseconds(5))
    }
    kill(child.processIdentifier, SIGKILL)
    child.waitUntilExit()
  }

  /// What the process that is to be killed does.
  static func appendForEver(to root: String) async throws {
    let ledger = try await BenchLedger(
      reopening: root, variables: ProcessInfo.processInfo.environment, for: .appending)
    let draft = try BenchLedger.draft(1, from: 0)
    while true { try await ledger.record(draft) }
  }
}
