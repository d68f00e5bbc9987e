import CSQLite

/// Copies the write-ahead log back into the database, under the writer's lock and nowhere else.
///
/// SQLite's automatic checkpoints are off (``ConnectionSettings``). A passive checkpoint every
/// thousand pages keeps the log at about 4 MiB; only while a reader holds an old state does it
/// grow, and beyond 256 MiB appending waits for that reader.
final class WALCheckpointer {
  static let pagesBetween: Int32 = 1_000
  static let pagesMax: Int32 = 65_536

  private let connection: Connection
  private var due = pagesBetween
  /// Pages in the log after the last commit. Behind a pointer, because SQLite writes it.
  private let pages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

  init(_ connection: Connection) {
    self.connection = connection
    pages.initialize(to: 0)
    sqlite3_wal_hook(
      connection.handle,
      { context, _, _, pages in
        context?.assumingMemoryBound(to: Int32.self).pointee = pages
        return SQLITE_OK
      }, pages)
  }

  deinit {
    sqlite3_wal_hook(connection.handle, nil, nil)
    pages.deallocate()
  }

  /// Checkpoints when enough has been committed since the last time.
  ///
  /// One that fails has lost nothing, the log still holds all of it, and the next commit tries
  /// again: whoever appended is not told that an append failed which did not.
  ///
  /// - Throws: ``LedgerError/database(path:code:message:)`` when a sync failed, or when the log is
  ///   beyond its bound and cannot be copied; what was committed stays.
  func afterCommit() throws(LedgerError) {
    guard pages.pointee >= due else { return }
    let isBeyond = pages.pointee >= Self.pagesMax
    do throws(LedgerError) {
      let remaining = try run(isBeyond ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE)
      due = remaining + Self.pagesBetween
    } catch {
      if isBeyond || error.isFailedSync { throw error }
    }
  }

  /// Empties the log, so that nothing deleted is left in it.
  ///
  /// - Throws: ``LedgerError/database(path:code:message:)``, SQLITE_BUSY while a reader holds it.
  func truncate() throws(LedgerError) {
    _ = try run(SQLITE_CHECKPOINT_TRUNCATE)
    pages.pointee = 0
  }

  /// - Returns: Pages that a reader still needs in the log.
  private func run(_ mode: Int32) throws(LedgerError) -> Int32 {
    var logged: Int32 = 0
    var copied: Int32 = 0
    let code = sqlite3_wal_checkpoint_v2(connection.handle, nil, mode, &logged, &copied)
    guard code == SQLITE_OK else { throw connection.lastError() }
    return max(0, logged - copied)
  }
}
