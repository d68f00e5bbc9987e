/// One forward step of a database file's schema: SQL that is applied in one transaction.
///
/// An applied file never changes again. Its number and SHA-256 are kept in the database, so a file
/// edited afterwards makes every ledger made with the old one refuse to open.
package struct Migration: Sendable {
  /// From 1, without gaps, within its database.
  package let number: Int
  /// The file's name without its suffix, `0001_ledger`.
  package let name: String
  /// The file, byte for byte: what is executed, and what is hashed.
  package let bytes: [UInt8]
}

extension Migration {
  /// `ledger.sqlite`, oldest first.
  package static let ledger = [
    Migration(number: 1, name: "0001_ledger", bytes: PackageResources._001_ledger_sql)
  ]
}
