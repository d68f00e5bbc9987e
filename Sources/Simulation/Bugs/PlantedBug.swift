/// A mistake that the simulation must find, put in where the ledger meets something else; its own
/// code is as ever.
package enum PlantedBug: String, Hashable, Sendable, CaseIterable {
  /// The disk says that a sync is done and does nothing.
  case skippedSync
  /// Whoever appends gets a receipt before the commit.
  case earlyAcknowledgement
  /// A leaf in the database is another than the one that was appended: the tree is continued from
  /// a wrong right edge.
  case wrongFrontier
  /// The newest entry goes from the database, and its position is given to the next.
  case reusedPosition
  /// The anchor stays as it was when the ledger writes it.
  case forgottenAnchor
}
