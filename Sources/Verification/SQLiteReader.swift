import CSQLite
import CanonicalJSON

/// A read-only connection to one database file, and its statements, prepared once.
///
/// Raw `sqlite3_*`, because every byte of a ledger passes through here; nothing of the file's
/// schema is trusted, no trigger or view can run.
///
/// `@unchecked Sendable`: opened without SQLite's own mutexes, and handed by ``SQLitePool`` to one
/// task at a time.
final class SQLiteReader: @unchecked Sendable {
  let file: String
  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = [:]

  /// How long to wait for a writer that restarts the log, in milliseconds.
  private static let busyMilliseconds: Int32 = 5000

  init(_ file: String) throws(LedgerReadError) {
    var handle: OpaquePointer?
    let status = sqlite3_open_v2(file, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK, let handle else {
      let reason = String(cString: sqlite3_errstr(status))
      sqlite3_close_v2(handle)
      throw LedgerReadError(file: file, reason: reason)
    }
    self.file = file
    self.handle = handle
    sqlite3_busy_timeout(handle, SQLiteReader.busyMilliseconds)
    var effective: Int32 = 0
    _ = csqlite_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &effective)
    _ = csqlite_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &effective)
  }

  deinit {
    for statement in statements.values { sqlite3_finalize(statement) }
    sqlite3_close_v2(handle)
  }

  /// Runs `sql` with its parameters bound in order, and hands each row to `row` until it says stop.
  func query(
    _ sql: String, _ parameters: [SQLiteParameter] = [], _ row: (SQLiteRow) -> Bool
  ) throws(LedgerReadError) {
    let statement = try prepared(sql)
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    try bind(parameters, to: statement)
    while try step(statement) {
      guard row(SQLiteRow(statement: statement)) else { return }
    }
  }

  /// A cursor that the caller steps itself; it must be used up or ``reset`` before `sql` runs
  /// again.
  func cursor(
    _ sql: String, _ parameters: [SQLiteParameter]
  ) throws(LedgerReadError) -> SQLiteCursor {
    let statement = try prepared(sql)
    sqlite3_reset(statement)
    try bind(parameters, to: statement)
    return SQLiteCursor(reader: self, statement: statement)
  }

  fileprivate func step(_ statement: OpaquePointer) throws(LedgerReadError) -> Bool {
    switch sqlite3_step(statement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default: throw error()
    }
  }

  private func prepared(_ sql: String) throws(LedgerReadError) -> OpaquePointer {
    if let statement = statements[sql] { return statement }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw error()
    }
    statements[sql] = statement
    return statement
  }

  private func bind(
    _ parameters: [SQLiteParameter], to statement: OpaquePointer
  ) throws(LedgerReadError) {
    for (index, parameter) in zip(Int32(1)..., parameters) {
      let status =
        switch parameter {
        case .integer(let value): sqlite3_bind_int64(statement, index, Int64(value))
        case .blob(let bytes):
          csqlite_bind_blob_copied(statement, index, bytes, Int32(bytes.count))
        case .text(let text):
          csqlite_bind_text_copied(statement, index, text, Int32(text.utf8.count))
        }
      guard status == SQLITE_OK else { throw error() }
    }
  }

  private func error() -> LedgerReadError {
    LedgerReadError(file: file, reason: String(cString: sqlite3_errmsg(handle)))
  }
}

enum SQLiteParameter {
  case integer(Int)
  case blob([UInt8])
  case text(String)
}

/// Rows of one statement, stepped by the caller.
struct SQLiteCursor {
  fileprivate let reader: SQLiteReader
  fileprivate let statement: OpaquePointer

  /// The next row; nil at the end.
  func next() throws(LedgerReadError) -> SQLiteRow? {
    try reader.step(statement) ? SQLiteRow(statement: statement) : nil
  }

  func reset() { sqlite3_reset(statement) }
}

/// The row that a statement stands on; its bytes are borrowed until the next step.
struct SQLiteRow {
  fileprivate let statement: OpaquePointer

  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(statement, column)) }

  func isNull(_ column: Int32) -> Bool {
    sqlite3_column_type(statement, column) == SQLITE_NULL
  }

  func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(statement, column)
    return UnsafeRawBufferPointer(
      start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(statement, column)))
  }

  func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// A digest; all zeros if the column does not hold 32 bytes.
  func digest(_ column: Int32) -> Digest {
    let bytes = bytes(column)
    return bytes.count == Digest.byteCount
      ? Digest(bytes) : Digest(bytes: [UInt8](repeating: 0, count: Digest.byteCount))
  }
}
