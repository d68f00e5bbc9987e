import CanonicalJSON
import Events
import TransparencyLog

/// Where a ledger stands.
package struct LedgerHead: Hashable, Sendable {
  /// Entries.
  package let size: Int
  package let root: Digest
  /// Nil in a ledger without genesis.
  package let origin: Origin?
  /// When the newest entry was recorded.
  package let recorded: Timestamp?
  /// Of this size, signed by the log; nil while the one that commits has not stored it.
  package let checkpoint: SignedNote?

  /// What a signer who has verified this head says of it.
  package var seen: Seen { Seen(root: root, size: size) }
}
