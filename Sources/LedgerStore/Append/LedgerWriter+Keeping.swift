import CanonicalJSON
import Events
import TransparencyLog

extension LedgerWriter {
  /// Keeps a checkpoint that others have signed as well; see ``Ledger/keep(_:)``.
  func keep(_ note: SignedNote) throws {
    try writing {
      try catchUp()
      let checkpoint = try Checkpoint(parsing: note.text)
      guard checkpoint.size > 0, checkpoint.size <= state.size,
        try state.tree.root(ofSize: checkpoint.size) == checkpoint.root,
        try state.custody.isSigned(note, as: checkpoint)
      else { throw LedgerError.checkpointForeign(size: checkpoint.size) }
      try checkpoints.keep(note, size: checkpoint.size)
      try checkpointer.afterCommit()
    }
  }

  /// Stores a projection's state; see ``Ledger/store(_:)``.
  ///
  /// Commit point: the transaction of the one row. A crash before it leaves the snapshots as they
  /// were; nothing else depends on them.
  func store(_ snapshot: Snapshot, key: [UInt8]) throws {
    try writing(patienceMilliseconds: 0) {
      try catchUp()
      let root = try state.tree.root(ofSize: snapshot.size)
      try connection.transaction { () throws(LedgerError) in
        try snapshots.store(snapshot, root: root, ledgerSize: state.size, key: key)
      }
      try checkpointer.afterCommit()
    }
  }
}
