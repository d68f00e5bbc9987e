import CSQLite
import Foundation

/// Copies of one database file by SQLite's online backup API.
///
/// A copy is of one moment: the source's state is held by a read transaction for as long as it
/// takes, while others go on appending. Copying the file would not do: what was committed last may
/// stand in the log beside it.
enum DatabaseCopy {
  /// Makes a file of mode 0600, durable when this returns but for its name.
  ///
  /// Commit point: the copy's own COMMIT. A crash before leaves an empty file, or one with a
  /// journal beside it.
  ///
  /// - Throws: ``LedgerError``: `source` is no database in WAL mode; `path` exists; no room.
  static func make(of source: String, at path: String) throws(LedgerError) {
    guard FileIdentity(path: source) != nil else { throw LedgerError.notFound(path: source) }
    let reading = try Connection(path: source, access: .reading)
    // Closed before SQLite opens it: closing any descriptor of a file drops SQLite's locks on it.
    _ = try FileDescriptor(path, O_RDWR | O_CREAT | O_EXCL)
    try copy(reading, to: path)
    try FileDescriptor(path, O_RDWR).sync()
  }

  private static func copy(_ source: Connection, to path: String) throws(LedgerError) {
    var opened: OpaquePointer?
    defer { sqlite3_close_v2(opened) }
    guard sqlite3_open_v2(path, &opened, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
      let target = opened,
      let backup = sqlite3_backup_init(target, "main", source.handle, "main")
    else { throw failure(sqlite3_extended_errcode(opened), opened, path) }
    let copied = sqlite3_backup_step(backup, -1)
    let finished = sqlite3_backup_finish(backup)
    guard copied == SQLITE_DONE, finished == SQLITE_OK else {
      throw failure(copied == SQLITE_DONE ? finished : copied, target, path)
    }
  }

  private static func failure(
    _ code: Int32, _ target: OpaquePointer?, _ path: String
  ) -> LedgerError {
    LedgerError.database(path: path, code: code, message: String(cString: sqlite3_errmsg(target)))
  }

  /// Puts what was written to a copy into its file, and takes away what SQLite keeps beside it.
  /// Nobody else has the copy open.
  static func fold(_ path: String) throws(LedgerError) {
    try WALCheckpointer(Connection(path: path, access: .writing)).truncate()
    try tidy(path)
  }

  /// Takes away the empty log, and its index, that reading a copy leaves beside it.
  ///
  /// - Throws: ``LedgerError/copyInUse(path:)`` when the log has something in it: somebody has
  ///   written to the copy.
  static func tidy(_ path: String) throws(LedgerError) {
    guard (byteCount(path + "-wal") ?? 0) == 0 else { throw LedgerError.copyInUse(path: path) }
    for file in [path + "-wal", path + "-shm"] where unlink(file) != 0 && errno != ENOENT {
      throw LedgerError.system(operation: "unlink", path: file, errno: errno)
    }
  }

  /// Bytes of the file at `path`; nil when there is none.
  private static func byteCount(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }
}
