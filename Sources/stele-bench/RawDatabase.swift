import CSQLite

/// SQLite without anything of ours around it: what the limits are measured with.
final class RawDatabase {
  private let handle: OpaquePointer

  /// - Throws: ``RawDatabaseError`` with SQLite's words.
  init(_ path: String, readOnly: Bool = false) throws(RawDatabaseError) {
    var opened: OpaquePointer?
    let flags =
      readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    guard sqlite3_open_v2(path, &opened, flags, nil) == SQLITE_OK, let opened else {
      throw RawDatabaseError(words: "\(path) was not opened")
    }
    handle = opened
    sqlite3_busy_timeout(handle, 5_000)
  }

  deinit { sqlite3_close_v2(handle) }

  func execute(_ sql: String) throws(RawDatabaseError) {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw failure(sql) }
  }

  func prepare(_ sql: String) throws(RawDatabaseError) -> OpaquePointer {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK, let statement else {
      throw failure(sql)
    }
    return statement
  }

  /// Runs a statement that returns no row, with one blob bound, and makes it ready again.
  func run(_ statement: OpaquePointer, _ bytes: [UInt8] = []) throws(RawDatabaseError) {
    let result = bytes.withUnsafeBytes { buffer in
      csqlite_bind_blob_static(statement, 1, buffer.baseAddress, Int32(buffer.count))
      defer { sqlite3_reset(statement) }
      return sqlite3_step(statement)
    }
    guard result == SQLITE_DONE else { throw failure("a prepared statement") }
  }

  /// Lends the first `columns` columns of every row, as bytes.
  func forEachRow(
    _ sql: String, columns: Int32, _ visit: ([UnsafeRawBufferPointer]) -> Void
  ) throws(RawDatabaseError) {
    let statement = try prepare(sql)
    defer { sqlite3_finalize(statement) }
    while true {
      switch sqlite3_step(statement) {
      case SQLITE_ROW:
        visit(
          (0..<columns).map { column in
            UnsafeRawBufferPointer(
              start: sqlite3_column_blob(statement, column),
              count: Int(sqlite3_column_bytes(statement, column)))
          })
      case SQLITE_DONE: return
      default: throw failure(sql)
      }
    }
  }

  private func failure(_ sql: String) -> RawDatabaseError {
    RawDatabaseError(words: "\(sql): \(String(cString: sqlite3_errmsg(handle)))")
  }
}

struct RawDatabaseError: Error, CustomStringConvertible {
  let words: String
  var description: String { "SQLite refused \(words)" }
}
