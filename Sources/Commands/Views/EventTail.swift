import CanonicalJSON
import Events
import LedgerStore
import Synchronization

/// What one environment sees from now on, event by event, as `stele log --output jsonl` prints it.
final class EventTail: Sendable {
  private let ledger: Ledger
  private let environment: EnvironmentName
  /// The position that is read next.
  private let next: Mutex<Int>

  /// - Throws: `LedgerError`: where the ledger ends now was not read.
  init(_ ledger: Ledger, of environment: EnvironmentName) throws {
    self.ledger = ledger
    self.environment = environment
    next = Mutex(try ledger.head().size)
  }

  /// The events since the last call. A call that throws has taken nothing: the next begins there.
  ///
  /// - Throws: `LedgerError`, `EntryFormError`: an entry was not read.
  func news() throws -> [JSONObject] {
    try next.withLock { next in
      let end = try ledger.head().size
      let records = try ledger.read { reader in
        try (next..<max(next, end)).map { try ShownEntry(reader.entry(at: $0)) }
      }.filter { $0.environment == environment }.flatMap(\.records)
      next = max(next, end)
      return records
    }
  }
}
