import CanonicalJSON
import Events
import Foundation
import Migrations
import TestKit
import Testing

@testable import LedgerStore

/// A ledger opens only with the settings and the tables that the format and this program name.
@Suite struct SchemaTests {
  static let schemas: [(name: String, schema: Schema)] = [
    ("ledger", .ledger), ("vault", .vault), ("vault-keys", .vaultKeys),
  ]

  @Test(arguments: ["ledger", "vault", "vault-keys"])
  func `the digest of each schema is the one it was released with`(name: String) throws {
    let store = try TemporaryLedger(genesis: [])
    let schema = try #require(Self.schemas.first { $0.name == name }).schema
    let connection = try Connection(path: store.path + "/\(name).sqlite", access: .reading)

    #expect(try Schema.digest(of: connection) == schema.migrations.last?.schemaDigest)
    #expect(schema.migrations.map(\.number) == Array(1...schema.migrations.count))
  }

  @Test(arguments: [Connection.Access.reading, .writing])
  func `every setting holds on every connection`(access: Connection.Access) throws {
    let store = try TemporaryLedger()
    let connection = try Connection(path: store.path + "/ledger.sqlite", access: access)

    let expected = [
      ("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1"),
      ("secure_delete", "1"), ("recursive_triggers", "1"), ("trusted_schema", "0"),
      ("wal_autocheckpoint", "0"), ("busy_timeout", "5000"),
      ("query_only", access == .reading ? "1" : "0"),
    ]
    for (pragma, value) in expected {
      #expect(try connection.text("PRAGMA \(pragma)") == value, "\(pragma)")
    }
    #expect(throws: LedgerError.self) {
      // DEFENSIVE: the schema cannot be edited as a table.
      try connection.execute("PRAGMA writable_schema = 1; DELETE FROM sqlite_schema")
    }
  }

  @Test func `a setting that does not hold is refused with both values`() throws {
    let directory = try TemporaryDirectory()
    try LedgerDirectory(directory.path).create()  // empty files: nothing has put them into WAL
    let path = directory.file("ledger.sqlite")

    #expect(
      throws: LedgerError.settingRefused(
        path: path, setting: "journal_mode", expected: "wal", actual: "delete")
    ) { try Connection(path: path, access: .reading) }
  }

  @Test func `a newer schema is refused with both numbers`() throws {
    let store = try TemporaryLedger()
    let path = store.path + "/ledger.sqlite"
    try alter(path, "PRAGMA user_version = 2")

    #expect(throws: LedgerError.schemaNewer(path: path, known: 1, found: 2)) {
      try store.another()
    }
  }

  @Test func `a dropped trigger is refused with both digests`() throws {
    let store = try TemporaryLedger()
    let path = store.path + "/ledger.sqlite"
    try alter(path, "DROP TRIGGER entry_is_never_updated")

    do {
      _ = try store.another()
      Issue.record("opened")
    } catch LedgerError.schemaDiffers(_, let expected, let actual) {
      #expect(expected == Migration.ledger.last?.schemaDigest)
      #expect(actual.count == 64 && actual != expected)
    }
  }

  @Test func `a migration that was another file is refused`() throws {
    let store = try TemporaryLedger()
    let path = store.path + "/ledger.sqlite"
    try alter(path, "UPDATE migration SET digest = zeroblob(32)")

    do {
      _ = try store.another()
      Issue.record("opened")
    } catch LedgerError.migrationDiffers(_, let number, _, let actual) {
      #expect(number == 1)
      #expect(actual == String(repeating: "0", count: 64))
    }
  }

  @Test(arguments: ["ledger", "vault", "vault-keys"])
  func `a migration that this program has not got is a newer file's`(name: String) throws {
    let store = try TemporaryLedger()
    let path = store.path + "/\(name).sqlite"
    try alter(path, "INSERT INTO migration VALUES (2, '0002_future', zeroblob(32))")
    let schema = try #require(Self.schemas.first { $0.name == name }).schema

    #expect(throws: LedgerError.schemaNewer(path: path, known: 1, found: 2)) {
      try schema.open(path, access: .reading)
    }
    #expect(throws: LedgerError.schemaNewer(path: path, known: 1, found: 2)) {
      for file in LedgerInspection.File.allCases {
        _ = try LedgerInspection(LedgerDirectory(store.path)).settings(of: file)
      }
    }
  }

  @Test func `a migration that no program has is refused`() throws {
    let store = try TemporaryLedger()
    let path = store.path + "/ledger.sqlite"
    try alter(
      path,
      """
      PRAGMA ignore_check_constraints = 1;
      INSERT INTO migration VALUES (0, '0000_before', zeroblob(32))
      """)

    #expect(
      throws: LedgerError.migrationDiffers(
        path: path, number: 0, expected: "none", actual: String(repeating: "0", count: 64))
    ) { try store.another() }
  }

  @Test func `an empty database is no ledger`() throws {
    let directory = try TemporaryDirectory()
    try LedgerDirectory(directory.path).create()

    let path = directory.file("ledger.sqlite")
    let refusal = LedgerError.foreignFile(path: path, expected: 0x5374_656C, actual: 0)

    #expect(throws: refusal) { try Ledger.open(directory: directory.path) }
    _ = try Connection(path: path, access: .writing)
    #expect(throws: refusal) { try Ledger.open(directory: directory.path) }
  }

  @Test func `a file that is no database is refused in SQLite's words`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("ledger.sqlite")
    try Data(repeating: 0x78, count: 4_096).write(to: URL(fileURLWithPath: path))

    #expect(
      throws: LedgerError.database(path: path, code: 26, message: "file is not a database")
    ) { try Connection(path: path, access: .reading) }
  }

  private func alter(_ path: String, _ sql: String) throws {
    let connection = try Connection(path: path, access: .writing)
    try connection.execute(sql)
  }
}
