import Synchronization

/// Connections to one file, as many as tasks read at once.
final class SQLitePool: Sendable {
  let file: String
  private let idle = Mutex<[SQLiteReader]>([])

  init(_ file: String) { self.file = file }

  /// Lends a connection to `body`, which is alone with it.
  func withReader<Result>(
    _ body: (SQLiteReader) throws(LedgerReadError) -> Result
  ) throws(LedgerReadError) -> Result {
    let lent = idle.withLock { $0.popLast() }
    let reader = if let lent { lent } else { try SQLiteReader(file) }
    defer { idle.withLock { $0.append(reader) } }
    return try body(reader)
  }
}
