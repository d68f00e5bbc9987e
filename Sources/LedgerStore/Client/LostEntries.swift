import Events
import TransparencyLog

/// Entries that a client has verified, and that an incarnation of the ledger says were lost.
package struct LostEntries: Hashable, Sendable {
  /// Of the incarnation that had them.
  package let origin: Origin
  /// From the first lost one to the last that this client had verified.
  package let positions: Range<Int>
  /// How many entries the incarnation says that there were; nil when it says `unknown`.
  package let namedSize: Int?
  /// Where that incarnation's successor says so.
  package let saidAt: Int
}

extension LedgerReader {
  /// What the incarnation at `position` says about the checkpoint it lost; nil for `unknown`.
  ///
  /// - Throws: ``LedgerError/rowDamaged(position:detail:)`` when there is no incarnation.
  func lostCheckpoint(at position: Int) throws -> Checkpoint? {
    for recorded in try entry(at: position).read().events {
      if case .ledger(.incarnationStarted(let started)) = recorded.event {
        return try? Checkpoint(parsing: SignedNote(parsing: started.lost.text).text)
      }
    }
    throw LedgerError.rowDamaged(position: position, detail: "it should start an incarnation")
  }
}
