import CSQLite
import Cryptography
import Foundation

/// Questions about a ledger's files, each answered by itself: what is wrong with one does not keep
/// the others from being asked. Changes nothing.
package struct LedgerInspection: Sendable {
  private let directory: LedgerDirectory

  package init(_ directory: LedgerDirectory) { self.directory = directory }

  /// The three databases of a ledger.
  package enum File: String, Sendable, CaseIterable {
    case ledger = "ledger.sqlite"
    case vault = "vault.sqlite"
    case peopleKeys = "vault-keys.sqlite"
  }

  /// The SQLite that is running.
  package static var sqliteVersion: String { String(cString: sqlite3_libversion()) }
  /// From here on one may checkpoint while another writes, so a live file may be replicated.
  package static let sqliteWithoutResetBug = "3.51.3"
  /// The oldest it was tested with; STRICT tables and RETURNING are older.
  package static let sqliteOldest = "3.40.1"

  package static func isSQLite(_ version: String, atLeast other: String) -> Bool {
    let numbers = { (text: String) in text.split(separator: ".").map { Int($0) ?? 0 } }
    return !numbers(version).lexicographicallyPrecedes(numbers(other))
  }

  package func path(_ file: File) -> String { directory.path + "/" + file.rawValue }

  package func has(_ file: File) -> Bool { FileIdentity(path: path(file)) != nil }

  /// Opens one database and reads back every setting that FORMAT.md demands, and its schema.
  ///
  /// - Returns: `journal_mode=wal`, `synchronous=2` and so on.
  /// - Throws: ``LedgerError``: it does not open; a setting or the schema is another one.
  package func settings(of file: File) throws(LedgerError) -> [String] {
    let connection = try open(file)
    try schema(of: file).check(connection)
    return try ConnectionSettings.held(on: connection)
  }

  private func open(_ file: File) throws(LedgerError) -> Connection {
    guard has(file) else { throw LedgerError.notFound(path: path(file)) }
    return try Connection(path: path(file), access: .reading)
  }

  private func schema(of file: File) -> Schema {
    switch file {
    case .ledger: .ledger
    case .vault: .vault
    case .peopleKeys: .vaultKeys
    }
  }

  /// Bytes in the log of one database.
  package func logBytes(of file: File) -> Int {
    var status = stat()
    return stat(path(file) + "-wal", &status) == 0 ? Int(status.st_size) : 0
  }

  /// Beyond this appending waits for the reader that holds the log.
  package static let logBytesMax = Int(WALCheckpointer.pagesMax) * 4_096
  /// What it has at most between two checkpoints, when nobody holds it.
  package static let logBytesUsual = 4 * Int(WALCheckpointer.pagesBetween) * 4_096

  /// Ciphertexts whose entry the ledger does not have.
  ///
  /// - Returns: `unsettled` ones, the traces of a crash or of an append under way, which the next
  ///   sealing sweeps, and `settled` ones, which nothing explains.
  package func orphans() throws(LedgerError) -> (settled: Int, unsettled: Int) {
    let vault = try open(.vault)
    try vault.execute("ATTACH '\(path(.ledger).replacing("'", with: "''"))' AS ledger")
    let rows = try Statement(
      """
      SELECT count(*) FILTER (WHERE settled = 1), count(*) FILTER (WHERE settled = 0) FROM sealed
      WHERE NOT EXISTS (SELECT 1 FROM ledger.entry AS known WHERE known.entry = sealed.entry)
      """, on: vault)
    defer { rows.reset() }
    return try rows.step() ? (rows.integer(0), rows.integer(1)) : (0, 0)
  }

  /// Reads every row of a file of the vault for what its schema forbids: SQLite itself looks at
  /// that only where it may write.
  ///
  /// - Throws: ``LedgerError/database(path:code:message:)`` as of a damaged file.
  package func checkRows(of file: File) throws(LedgerError) {
    let connection = try open(file)
    for (table, rule) in Self.rules(of: file) {
      let found = try connection.text("SELECT count(*) FROM \(table) WHERE NOT (\(rule))")
      guard found == "0" else {
        throw LedgerError.database(
          path: path(file), code: SQLITE_CORRUPT,
          message: "\(found ?? "some") rows of \(table) are none")
      }
    }
  }

  private static func rules(of file: File) -> [(table: String, rule: String)] {
    switch file {
    case .ledger: []  // Its rows are the verifier's.
    case .vault:
      [("sealed", "length(entry) = 16 AND length(subject) = 16 AND length(ciphertext) >= 62")]
    case .peopleKeys:
      [
        ("person", "length(subject) = 16 AND length(wrapped) = 60"),
        ("tombstone", "length(subject) = 16"),
      ]
    }
  }

  /// That nobody is erased whose key is still there: an erasure takes both at once. Nor anybody
  /// the ledger, where it is here, records as erased.
  ///
  /// - Throws: ``LedgerError/erasureForged(path:people:)``;
  ///   ``LedgerError/erasureUndone(path:people:)``.
  package func checkErasures() throws(LedgerError) {
    let keys = try open(.peopleKeys)
    try keys.checkErasures()
    guard has(.ledger) else { return }
    try keys.checkErasures(of: try open(.ledger).recordedErasures())
  }

  /// Opens the newest value that was sealed and not erased since.
  ///
  /// - Parameter secrets: With the vault's key.
  /// - Throws: ``LedgerError/vaultBehind(path:position:)``; ``LedgerError/vaultLocked(path:)``.
  package func openNewestSealed(with secrets: LedgerSecrets) throws(LedgerError) {
    let keys = try PersonKeys(
      open(.peopleKeys), vaultKey: secrets.vaultKey ?? [], random: SystemRandom())
    let vault = try Vault(open(.vault), keys: keys, random: SystemRandom())
    try VaultEvidence(open(.ledger), path: path(.vault), secrets).check(vault)
  }

  /// Whether `vaultKey` opens people's keys, as far as there are any.
  ///
  /// - Throws: ``LedgerError/vaultLocked(path:)`` when it does not.
  package func unlock(with vaultKey: [UInt8]) throws(LedgerError) {
    try OwnedFile.check(path(.peopleKeys))
    _ = try PersonKeys(open(.peopleKeys), vaultKey: vaultKey, random: SystemRandom())
  }
}
