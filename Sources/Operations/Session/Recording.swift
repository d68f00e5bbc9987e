import CanonicalJSON
import Events
import TransparencyLog

/// What an append gave back: the proof that it is there, and what the caller needs of it.
package struct Recording: Sendable {
  package let entry: EntryID
  package let receipt: Receipt

  package var position: Int { receipt.index }

  /// The log's clock.
  package var recorded: Timestamp {
    get throws {
      guard let line = receipt.extra else {
        preconditionFailure("the ledger gave a receipt without its entry")
      }
      return try EntryLine(parsing: line).recorded
    }
  }

  /// The tree that the receipt stands under, which its holder has now seen.
  var seen: Seen {
    get throws {
      let checkpoint = try Checkpoint(parsing: receipt.note.text)
      return Seen(root: checkpoint.root, size: checkpoint.size)
    }
  }
}
