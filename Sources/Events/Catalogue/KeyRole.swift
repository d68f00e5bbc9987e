/// What a key may do in the ledger; one a key. Not the access roles that grants give.
package enum KeyRole: String, Hashable, Sendable, CaseIterable {
  /// Signs checkpoints.
  case log
  /// Signs what a person or pipeline did.
  case actor
  /// Signs what this program observed and decided.
  case service
  /// Co-signs checkpoints elsewhere.
  case witness
  /// Signs keys, grants and erasure.
  case administrator
  /// Kept offline: a quorum replaces what is lost.
  case recovery
}
