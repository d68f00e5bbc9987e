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
  /// Hex SHA-256 of the schema that stands after this step: type, name, table and SQL of every
  /// row of `sqlite_schema` ordered by name, each followed by a zero byte. A test makes it anew.
  package let schemaDigest: String
}

extension Migration {
  /// `ledger.sqlite`, oldest first.
  package static let ledger = [
    Migration(
      number: 1, name: "0001_ledger", bytes: PackageResources._001_ledger_sql,
      schemaDigest: "81ce7bcdf1d82e35213e83ea003964000f0becad890cc2920e3ba254ae6e3089")
  ]

  /// `vault.sqlite`, oldest first.
  package static let vault = [
    Migration(
      number: 1, name: "0001_vault", bytes: PackageResources._001_vault_sql,
      schemaDigest: "31a81355e63907707bb964d8039aeafb072b984925be201de4b7059afd323e44")
  ]

  /// `vault-keys.sqlite`, oldest first.
  package static let vaultKeys = [
    Migration(
      number: 1, name: "0001_vault_keys", bytes: PackageResources._001_vault_keys_sql,
      schemaDigest: "f456f8e58f38f8f600c72d64d5296bbe0d8b6d30bf33f3e0a0a69efce2d32926")
  ]
}
