import Events
import TransparencyLog

/// What an append gave back: the proof that it is there, and what the caller needs of it.
package struct Recording: Sendable {
  package let entry: EntryID
  package let position: Int
  /// The log's clock.
  package let recorded: Timestamp
  package let receipt: Receipt

  /// - Throws: `EntryFormError` when the ledger answered with what is no entry.
  init(_ receipt: Receipt) throws {
    guard let extra = receipt.extra else {
      preconditionFailure("the ledger gave a receipt without its entry")
    }
    let line = try EntryLine(parsing: extra)
    entry = try EntryHeader(parsing: line.header).entry
    position = receipt.index
    recorded = line.recorded
    self.receipt = receipt
  }
}
