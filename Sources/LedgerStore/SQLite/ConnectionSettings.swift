import CSQLite

/// The settings of every connection, put in force and read back.
///
/// Source: FORMAT.md, "SQLite". Automatic checkpoints and the checkpoint on close are off because
/// SQLite below 3.51.3 can corrupt a file that one connection checkpoints while another writes; the
/// writer alone checkpoints, under its lock (``WALCheckpointer``).
enum ConnectionSettings {
  static let busyTimeoutSeconds = 5.0

  /// Pragmas with the value that reading them back must give. Order matters: `synchronous` follows
  /// the change to WAL.
  private static let shared: [(name: String, value: String)] = [
    ("synchronous", "2"),  // FULL: a commit is on the disk before it is answered
    ("foreign_keys", "1"),
    ("secure_delete", "1"),
    ("recursive_triggers", "1"),
    ("trusted_schema", "0"),
    ("mmap_size", "0"),
    ("wal_autocheckpoint", "0"),
    ("busy_timeout", "\(Int(busyTimeoutSeconds * 1_000))"),
  ]

  private static let flags: [(name: String, option: Int32, value: Int32)] = [
    ("SQLITE_DBCONFIG_DEFENSIVE", SQLITE_DBCONFIG_DEFENSIVE, 1),
    ("SQLITE_DBCONFIG_TRUSTED_SCHEMA", SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
    ("SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE", SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1),
  ]

  /// Those that touch no file, before anything is read: a connection that is given up on the way
  /// must not checkpoint when it is closed.
  static func applyFlags(to handle: OpaquePointer, path: String) throws(LedgerError) {
    for (name, option, value) in flags {
      var effective: Int32 = -1
      _ = csqlite_db_config(handle, option, value, &effective)
      try compare(name, "\(value)", "\(effective)", path: path)
    }
  }

  static func apply(to connection: Connection, access: Connection.Access) throws(LedgerError) {
    // Reading, the file must be in WAL already; only a writer may put it there.
    if access == .writing { _ = try connection.text("PRAGMA journal_mode = WAL") }
    try hold("journal_mode", "wal", on: connection)
    let query = access == .reading ? "1" : "0"
    for (name, value) in shared + [(name: "query_only", value: query)] {
      _ = try connection.text("PRAGMA \(name) = \(value)")
      try hold(name, value, on: connection)
    }
  }

  /// The settings in force, `name=value` each, as they are read back.
  static func held(on connection: Connection) throws(LedgerError) -> [String] {
    var held: [String] = []
    for name in ["journal_mode"] + shared.map(\.name) {
      held.append("\(name)=\(try connection.text("PRAGMA \(name)") ?? "nothing")")
    }
    return held
  }

  private static func hold(
    _ pragma: String, _ expected: String, on connection: Connection
  ) throws(LedgerError) {
    let actual = try connection.text("PRAGMA \(pragma)") ?? "nothing"
    // mmap_size answers nothing at all where memory mapping is compiled out.
    guard pragma == "mmap_size", actual == "nothing" else {
      return try compare(pragma, expected, actual, path: connection.path)
    }
  }

  private static func compare(
    _ setting: String, _ expected: String, _ actual: String, path: String
  ) throws(LedgerError) {
    guard expected == actual else {
      throw LedgerError.settingRefused(
        path: path, setting: setting, expected: expected, actual: actual)
    }
  }
}
