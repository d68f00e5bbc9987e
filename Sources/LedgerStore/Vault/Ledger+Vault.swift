import Events
import Synchronization

extension Ledger {
  /// The personal value that a body commits to.
  ///
  /// - Parameters:
  ///   - position: Of the entry.
  ///   - index: Of the event in its data, from 0.
  ///   - pointer: RFC 6901, from the event's object.
  /// - Throws: ``LedgerError/vaultLocked(path:)``, ``LedgerError/notSealed(position:pointer:)``,
  ///   ``LedgerError/sealedDiffers(position:pointer:)``.
  package func reveal(at position: Int, index: Int, pointer: String) throws -> Revealed {
    let entry = try read { try $0.entry(at: position) }
    return try window.withLock { try $0.reveal(entry, index: index, pointer: pointer) }
  }

  /// Destroys everything that the vault has of a person, for ever: their key, then their values.
  /// Proofs and headers stay as they are. Append `privacy.erased` as well: that is its record.
  ///
  /// 1. The tombstone outside is durable. From here on no copy gives the person back.
  /// 2. The key is deleted, and the log of that file emptied.
  /// 3. The ciphertexts are deleted, and the log of that file emptied.
  ///
  /// A crash in between is finished when the vault is opened next. May be repeated.
  ///
  /// - Throws: ``LedgerError``; SQLITE_BUSY when a reader holds an old state: erase again.
  package func erase(_ subject: SubjectID) throws {
    try writing { try $0.erase(subject) }
  }
}
