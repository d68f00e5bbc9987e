import CanonicalJSON
import Events
import TransparencyLog

extension LedgerWriter {
  /// Keeps a checkpoint that others have signed as well; see ``Ledger/keep(_:)``.
  func keep(_ note: SignedNote) throws {
    try lock.holding {
      try state.catchUp()
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
  func store(_ snapshot: Snapshot, key: [UInt8]) throws {
    try lock.holding {
      try state.catchUp()
      let root = try state.tree.root(ofSize: snapshot.size)
      try connection.transaction { () throws(LedgerError) in
        try snapshots.store(snapshot, root: root, key: key)
      }
      try checkpointer.afterCommit()
    }
  }
}
