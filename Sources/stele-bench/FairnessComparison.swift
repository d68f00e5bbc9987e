import Events
import Foundation
import LedgerStore
import Operations
import Synchronization

/// The longest wait for one append among eight writers that all append as fast as they can, each
/// through an opening of its own, as eight processes would; against an append without the others.
struct FairnessComparison: Comparison {
  private static let writers = 8

  let repetitions: Int
  private let sessions: [Session]
  private let service: Signer

  init(repetitions: Int, in folder: TemporaryFolder) async throws {
    self.repetitions = repetitions
    let first = try await BenchLedger(at: folder.making("fairness"))
    service = first.service
    sessions = try (0..<Self.writers).map { _ in
      try Session.open(
        Workspace(root: first.root), for: .appending, variables: first.variables)
    }
  }

  var name: String { "longest wait for an append, \(Self.writers) writers" }
  var limit: String { "the longest of as many appends by one writer" }
  var bar: Bar { .over(atMostMilliseconds: 1_000) }

  func measureWork() async throws -> Measure { try await longestWait(of: Self.writers) }

  func measureLimit() async throws -> Measure { try await longestWait(of: 1) }

  /// Each writer has a thread: appending blocks it.
  private func longestWait(of writers: Int) async throws -> Measure {
    let waits = try await withThrowingTaskGroup(of: Duration.self) { group in
      for number in 0..<writers {
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
      let envelope = try envelope(by: writer, of: session)
      let waited = try ContinuousClock().measure { _ = try session.ledger.append(envelope) }
      longest = max(longest, waited)
    }
    return longest
  }

  /// One health result in the writer's own environment, so that nobody's entry is in the way.
  private func envelope(by writer: Int, of session: Session) throws -> SignedEnvelope {
    let environment = try EnvironmentName(parsing: "writer-\(writer)")
    let application = try ApplicationName(parsing: "tamma")
    let draft = EntryDraft([
      DraftEvent(
        HealthChecked(
          component: try ComponentName(parsing: "orchestrator"),
          instance: try InstanceName(parsing: "orchestrator-1"), latencyUs: 1_200, status: 200,
          verdict: .pass, reason: nil),
        in: .health(application, environment),
        scope: Scope(application: application, environment: environment))
    ])
    let ledger = session.ledger
    let entryWriter = EntryWriter(
      origin: session.origin, seen: try ledger.head().seen, at: session.time.now(),
      random: session.random)
    return try entryWriter.envelope(
      draft, as: entryWriter.newID(), signedBy: service
    ) { try ledger.version(of: $0) + 1 }
  }
}
