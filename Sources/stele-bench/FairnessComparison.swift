import Foundation
import LedgerStore
import Operations
import Synchronization

/// The longest wait for one append among eight writers that all append as fast as they can, each
/// through an opening of its own, as eight processes would; against an append without the others.
struct FairnessComparison: Comparison {
  private static let count = 8

  let repetitions: Int
  private let sessions: [Session]
  private let writers: [BenchWriter]

  init(repetitions: Int, in folder: TemporaryFolder) async throws {
    self.repetitions = repetitions
    let first = try await BenchLedger(at: folder.making("fairness"))
    sessions = try (0..<Self.count).map { _ in
      try Session.open(
        Workspace(root: first.root), for: .appending, variables: first.variables)
    }
    writers = try sessions.enumerated().map { try BenchWriter($0, $1, first.service) }
  }

  var name: String { "longest wait for an append, \(Self.count) writers" }
  var limit: String { "the longest of as many appends by one writer" }
  var bar: Bar { .over(atMostMilliseconds: 1_000) }

  func measureWork() async throws -> Measure { try await longestWait(of: Self.count) }

  func measureLimit() async throws -> Measure { try await longestWait(of: 1) }

  /// Each writer has a thread: appending blocks it.
  private func longestWait(of count: Int) async throws -> Measure {
    let waits = try await withThrowingTaskGroup(of: Duration.self) { group in
      for number in 0..<count {
        group.addTask {
          try await withCheckedThrowingContinuation { answer in
            Thread.detachNewThread { answer.resume(with: Result { try longestWait(by: number) }) }
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    return .milliseconds(1_000 * (waits.max() ?? .zero).inSeconds)
  }

  private func longestWait(by writer: Int) throws -> Duration {
    let session = sessions[writer]
    var longest = Duration.zero
    for _ in 0..<repetitions {
      let envelope = try writers[writer].envelope()
      let waited = try ContinuousClock().measure { _ = try session.ledger.append(envelope) }
      longest = max(longest, waited)
    }
    return longest
  }
}
