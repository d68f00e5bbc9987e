import Dispatch
import TransparencyLog

/// Appends for many callers at once: whoever comes while a transaction is syncing shares the next.
///
/// One sync of the disk then serves up to ``batchMax`` entries, and one checkpoint signature. Every
/// caller gets its own receipt or its own refusal.
package actor GroupCommit {
  /// Bounds how long a transaction holds the writer's lock: about 100 ms of checks.
  package static let batchMax = 512

  private struct Waiting {
    let envelope: SignedEnvelope
    let answer: CheckedContinuation<Receipt, any Error>
  }

  private let ledger: Ledger
  /// The disk blocks, so it gets a thread of its own rather than one of the callers'.
  private let thread = DispatchQueue(label: "stele.group-commit")
  private var waiting: [Waiting] = []
  private var isCommitting = false

  package init(_ ledger: Ledger) { self.ledger = ledger }

  /// Records `envelope`, durable when this returns.
  ///
  /// - Throws: ``AppendError`` when it is refused, ``LedgerError`` when nothing can be recorded.
  package func append(_ envelope: SignedEnvelope) async throws -> Receipt {
    try await withCheckedThrowingContinuation { answer in
      waiting.append(Waiting(envelope: envelope, answer: answer))
      if !isCommitting { commitNext() }
    }
  }

  private func commitNext() {
    guard !waiting.isEmpty else { return isCommitting = false }
    isCommitting = true
    let batch = Array(waiting.prefix(Self.batchMax))
    waiting.removeFirst(batch.count)
    thread.async { [ledger] in
      let results = Result { try ledger.append(batch.map(\.envelope)) }
      Self.answer(batch, with: results)
      Task { await self.commitNext() }
    }
  }

  private static func answer(
    _ batch: [Waiting], with results: Result<[Result<Receipt, AppendError>], any Error>
  ) {
    switch results {
    case .success(let results):
      for (waiting, result) in zip(batch, results) {
        waiting.answer.resume(with: result.mapError { $0 })
      }
    case .failure(let error):
      for waiting in batch { waiting.answer.resume(throwing: error) }
    }
  }
}
