/// The moments of a write after which a crash finds something else on the disk, in their order.
package enum WritePoint: String, Hashable, Sendable, CaseIterable {
  /// Rows are inserted, nothing is committed.
  case inserted
  /// The vault has committed, the ledger has not.
  case vaultCommitted
  /// The ledger has committed, the anchor lags.
  case ledgerCommitted
  /// The anchor is written, the receipt is not given yet.
  case anchorWritten
}

/// Watches a write pass its points, and may stop it there: how crashes are tried out.
package protocol WriteObserver: Sendable {
  func reached(_ point: WritePoint) throws(LedgerError)
}

/// Lets every write pass.
package struct UnobservedWrites: WriteObserver {
  package init() {}
  package func reached(_ point: WritePoint) {}
}
