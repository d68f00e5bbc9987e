import CSQLite

/// Alters a ledger's rows behind its back, triggers or not, and leaves the schema as it was.
struct AlteredRows {
  private let path: String

  init(of path: String) { self.path = path }

  /// The newest entry's leaf becomes another one.
  func spoilNewestLeaf() throws {
    try alter(
      ["entry"], "UPDATE entry SET leaf = zeroblob(32) WHERE position = \(Self.newest)")
  }

  /// The newest entry and everything beside it is gone.
  func removeNewestEntry() throws {
    let removals = ["body", "run", "entry"].map {
      "DELETE FROM \($0) WHERE position = \(Self.newest);"
    }
    let checkpoint = "DELETE FROM checkpoint WHERE size > \(Self.newest);"
    try alter(["body", "run", "entry"], checkpoint + removals.joined())
  }

  private static let newest = "(SELECT max(position) FROM entry)"

  private func alter(_ tables: [String], _ sql: String) throws {
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil)
    defer { sqlite3_close_v2(handle) }
    guard code == SQLITE_OK, let handle else {
      throw SimulationError.notPlanted(sql: sql, message: String(cString: sqlite3_errstr(code)))
    }
    var effective: Int32 = 0
    _ = csqlite_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, &effective)
    let triggers = try triggers(of: tables, in: handle)
    let drops = triggers.map { "DROP TRIGGER \($0.name);" }.joined()
    let restored = triggers.map { "\($0.sql);" }.joined()
    try execute("BEGIN IMMEDIATE;" + drops + sql + ";" + restored + "COMMIT", in: handle)
  }

  private func triggers(
    of tables: [String], in handle: OpaquePointer
  ) throws -> [(name: String, sql: String)] {
    let names = tables.map { "'\($0)'" }.joined(separator: ", ")
    let sql = """
      SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN (\(names))
      """
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      throw failure(sql, handle)
    }
    defer { sqlite3_finalize(statement) }
    var found: [(name: String, sql: String)] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      found.append(
        (
          String(cString: sqlite3_column_text(statement, 0)),
          String(cString: sqlite3_column_text(statement, 1))
        ))
    }
    return found
  }

  private func execute(_ sql: String, in handle: OpaquePointer) throws {
    guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else {
      throw failure(sql, handle)
    }
  }

  private func failure(_ sql: String, _ handle: OpaquePointer) -> SimulationError {
    .notPlanted(sql: sql, message: String(cString: sqlite3_errmsg(handle)))
  }
}
