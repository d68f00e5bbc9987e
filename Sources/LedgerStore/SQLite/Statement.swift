import CSQLite
import CanonicalJSON
import Events

/// A prepared statement that is reused: bind, step, read, reset.
///
/// Parameters and columns are numbered as in SQLite: parameters from 1, columns from 0. Bytes given
/// are copied, bytes read are borrowed until the next step or reset.
final class Statement {
  private let raw: OpaquePointer
  private let connection: Connection

  init(_ sql: String, on connection: Connection) throws(LedgerError) {
    self.connection = connection
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v3(
      connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared else { throw connection.lastError() }
    raw = prepared
  }

  deinit { sqlite3_finalize(raw) }

  /// Advances to the next row; false at the end.
  func step() throws(LedgerError) -> Bool {
    switch sqlite3_step(raw) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let error = connection.lastError()
      sqlite3_reset(raw)
      throw error
    }
  }

  /// Runs to the end, for statements without rows, and makes ready for the next use.
  func run() throws(LedgerError) {
    while try step() {}
    sqlite3_reset(raw)
  }

  func reset() { sqlite3_reset(raw) }
}

extension Statement {
  @discardableResult
  func bind(_ index: Int32, _ value: Int) -> Statement {
    check(sqlite3_bind_int64(raw, index, Int64(value)))
  }

  @discardableResult
  func bind(_ index: Int32, _ value: Int64) -> Statement {
    check(sqlite3_bind_int64(raw, index, value))
  }

  @discardableResult
  func bindBlob(_ index: Int32, _ bytes: [UInt8]) -> Statement {
    check(csqlite_bind_blob_copied(raw, index, bytes, Int32(bytes.count)))
  }

  @discardableResult
  func bindBlob(_ index: Int32, _ digest: Digest) -> Statement {
    digest.withUnsafeBytes {
      check(csqlite_bind_blob_copied(raw, index, $0.baseAddress, Int32($0.count)))
    }
  }

  /// Binds UTF-8 as TEXT, so that SQLite's JSON functions take it.
  @discardableResult
  func bindText(_ index: Int32, _ utf8: [UInt8]) -> Statement {
    utf8.withUnsafeBytes {
      check(
        csqlite_bind_text_copied(
          raw, index, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count)))
    }
  }

  /// Binds text, or NULL for nil.
  @discardableResult
  func bindText(_ index: Int32, _ text: String?) -> Statement {
    guard var text else { return check(sqlite3_bind_null(raw, index)) }
    return text.withUTF8 { utf8 in
      utf8.withMemoryRebound(to: CChar.self) {
        check(csqlite_bind_text_copied(raw, index, $0.baseAddress, Int32($0.count)))
      }
    }
  }

  /// Binding fails only for an index that the SQL does not have, or a value beyond SQLite's limits.
  private func check(_ code: Int32) -> Statement {
    precondition(code == SQLITE_OK, "sqlite3_bind said \(code) on \(connection.path)")
    return self
  }
}

extension Statement {
  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(raw, column)) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(raw, column) == SQLITE_NULL }

  /// The bytes of a BLOB, or the UTF-8 of a TEXT, without conversion.
  func borrowed(_ column: Int32) -> UnsafeRawBufferPointer {
    let start = sqlite3_column_blob(raw, column)
    return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(raw, column)))
  }

  func bytes(_ column: Int32) -> [UInt8] { Array(borrowed(column)) }

  func text(_ column: Int32) -> String {
    String(decoding: borrowed(column), as: UTF8.self)
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// A digest, which has 32 bytes, whatever the schema has let through.
  ///
  /// - Throws: ``LedgerError/database(path:code:message:)``, as of a damaged file.
  func digest(_ column: Int32) throws(LedgerError) -> Digest {
    let bytes = borrowed(column)
    guard bytes.count == Digest.byteCount else { throw damage("a digest", bytes.count) }
    return Digest(bytes)
  }

  /// An id, which has 16 bytes, first byte first.
  ///
  /// - Throws: As ``digest(_:)``.
  func uuid(_ column: Int32) throws(LedgerError) -> UUIDBits {
    let bytes = borrowed(column)
    guard bytes.count == 16 else { throw damage("an id", bytes.count) }
    return UUIDBits(
      high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
      low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
  }

  private func damage(_ what: String, _ byteCount: Int) -> LedgerError {
    LedgerError.database(
      path: connection.path, code: SQLITE_CORRUPT, message: "\(what) of \(byteCount) bytes")
  }
}
