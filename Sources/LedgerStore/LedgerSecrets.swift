import Cryptography

/// The keys and paths outside the ledger's directory that a ledger is used with.
///
/// Whoever lacks one loses that ability only: without log key no appending, without vault key no
/// personal values, without snapshot key every projection is folded from the beginning.
package struct LedgerSecrets: Sendable {
  /// Signs checkpoints; two while one replaces the other.
  package var logKeys: [SigningKey]
  /// 32 bytes from a ``SecretFile``: wraps people's keys.
  package var vaultKey: [UInt8]?
  /// 32 bytes from a ``SecretFile``: for the HMACs of snapshots.
  package var snapshotKey: [UInt8]?
  /// The file that remembers who was erased.
  package var tombstones: String?
  /// The file that remembers which sealed values were given up.
  package var givenUp: GivenUpFile?

  package init(
    logKeys: [SigningKey] = [], vaultKey: [UInt8]? = nil, snapshotKey: [UInt8]? = nil,
    tombstones: String? = nil, givenUp: GivenUpFile? = nil
  ) {
    self.logKeys = logKeys
    self.vaultKey = vaultKey
    self.snapshotKey = snapshotKey
    self.tombstones = tombstones
    self.givenUp = givenUp
  }
}
