import CSQLite
import CanonicalJSON
import Cryptography
import Migrations

/// The tables of one database file: made by its migrations, compared at every open.
struct Schema {
  /// What SQLite's header says the file is for: four letters, as the migrations have them.
  let application: Int
  let migrations: [Migration]

  static let ledger = Schema(application: 0x5374_656C, migrations: Migration.ledger)
  static let vault = Schema(application: 0x5374_6576, migrations: Migration.vault)
  static let vaultKeys = Schema(application: 0x5374_656B, migrations: Migration.vaultKeys)

  /// Makes the tables in an empty database.
  ///
  /// Commit point: the COMMIT at the end. A crash before it leaves a database without tables, which
  /// ``open(_:access:)`` refuses. Its log is then copied back, so that the file alone says what it
  /// is, whatever becomes of the log.
  func create(on connection: Connection) throws(LedgerError) {
    try connection.execute("BEGIN IMMEDIATE")
    for migration in migrations {
      try connection.execute(String(decoding: migration.bytes, as: UTF8.self))
      let row = try Statement("INSERT INTO migration VALUES (?, ?, ?)", on: connection)
      try row.bind(1, migration.number).bindText(2, migration.name)
        .bindBlob(3, SHA256.hash(migration.bytes)).run()
    }
    try connection.execute("COMMIT")
    try WALCheckpointer(connection).truncate()
  }

  /// A connection to a file with these tables.
  ///
  /// - Throws: ``LedgerError/foreignFile(path:expected:actual:)`` before any setting is touched,
  ///   and what ``check(_:)`` finds.
  func open(_ path: String, access: Connection.Access) throws(LedgerError) -> Connection {
    let connection = try Connection(path: path, access: access) { opened throws(LedgerError) in
      try recognize(opened)
    }
    try check(connection)
    return connection
  }

  private func recognize(_ opened: Connection) throws(LedgerError) {
    let actual = Int(try opened.text("PRAGMA application_id") ?? "0") ?? 0
    guard actual == application else {
      throw LedgerError.foreignFile(path: opened.path, expected: application, actual: actual)
    }
  }

  /// Compares what the file says that it is, the migrations applied and the schema that resulted
  /// with what this program carries.
  ///
  /// - Throws: ``LedgerError/foreignFile(path:expected:actual:)``,
  ///   ``LedgerError/schemaNewer(path:known:found:)`` for a file of a newer program,
  ///   ``LedgerError/migrationDiffers(path:number:expected:actual:)`` and
  ///   ``LedgerError/schemaDiffers(path:expected:actual:)`` with both digests.
  func check(_ connection: Connection) throws(LedgerError) {
    try recognize(connection)
    let found = Int(try connection.text("PRAGMA user_version") ?? "0") ?? 0
    guard found <= migrations.count else {
      throw LedgerError.schemaNewer(
        path: connection.path, known: migrations.count, found: found)
    }
    for migration in migrations { try check(migration, on: connection) }
    try checkNoOthers(on: connection)
    try checkResult(on: connection)
  }

  private func check(_ migration: Migration, on connection: Connection) throws(LedgerError) {
    let applied = try appliedDigest(of: migration, on: connection)
    let expected = Hex.encode(SHA256.hash(migration.bytes))
    guard applied == expected else {
      throw LedgerError.migrationDiffers(
        path: connection.path, number: migration.number, expected: expected, actual: applied)
    }
  }

  /// The digest recorded when `migration` was applied, or "none".
  private func appliedDigest(
    of migration: Migration, on connection: Connection
  ) throws(LedgerError) -> String {
    guard try connection.text("SELECT 1 FROM sqlite_schema WHERE name = 'migration'") != nil
    else { return "none" }
    let row = try Statement(
      "SELECT digest FROM migration WHERE number = ? AND name = ?", on: connection)
    row.bind(1, migration.number).bindText(2, migration.name)
    defer { row.reset() }
    return try row.step() ? Hex.encode(row.borrowed(0)) : "none"
  }

  /// That the file names no migration that this program has not got, the newest of them first.
  private func checkNoOthers(on connection: Connection) throws(LedgerError) {
    let row = try Statement(
      """
      SELECT number, digest FROM migration WHERE number NOT BETWEEN 1 AND ?
      ORDER BY number DESC LIMIT 1
      """, on: connection)
    row.bind(1, migrations.count)
    defer { row.reset() }
    guard try row.step() else { return }
    let (number, applied) = (row.integer(0), Hex.encode(row.borrowed(1)))
    guard number < 1 else {
      throw LedgerError.schemaNewer(path: connection.path, known: migrations.count, found: number)
    }
    throw LedgerError.migrationDiffers(
      path: connection.path, number: number, expected: "none", actual: applied)
  }

  private func checkResult(on connection: Connection) throws(LedgerError) {
    guard let expected = migrations.last?.schemaDigest else { return }
    let actual = try Self.digest(of: connection)
    guard actual == expected else {
      throw LedgerError.schemaDiffers(path: connection.path, expected: expected, actual: actual)
    }
  }

  /// Hex SHA-256 over what SQLite remembers of tables, indexes and triggers, ordered by name.
  static func digest(of connection: Connection) throws(LedgerError) -> String {
    let rows = try Statement(
      """
      SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema
      ORDER BY name COLLATE BINARY, type
      """, on: connection)
    defer { rows.reset() }
    var text: [UInt8] = []
    while try rows.step() {
      for column: Int32 in 0..<4 {
        text += rows.borrowed(column)
        text.append(0)
      }
    }
    return Hex.encode(SHA256.hash(text))
  }
}
