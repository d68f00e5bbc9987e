import TransparencyLog

extension Ledger {
  /// Stores the state of a projection, replacing those of its other revisions; how close together
  /// they are is the caller's choice. Without a snapshot key nothing is stored, and nothing is ever
  /// given back.
  ///
  /// - Throws: ``LedgerError/positionOutside(position:size:)`` for more entries than there are;
  ///   ``LedgerError/writerBusy(path:milliseconds:)`` at once while another process appends, for
  ///   a cache is not worth a wait.
  package func store(_ snapshot: Snapshot) throws {
    guard let key = environment.secrets.snapshotKey else { return }
    try writing { try $0.store(snapshot, key: key) }
  }

  /// The newest state of at most `size` entries; nil without one that is ours and of this history.
  ///
  /// - Parameter key: For a ledger that was opened without it.
  package func snapshot(
    _ name: String, revision: Int, upTo size: Int, key: [UInt8]? = nil
  ) throws -> Snapshot? {
    guard let key = key ?? environment.secrets.snapshotKey else { return nil }
    return try read { try $0.snapshot(name, revision: revision, upTo: size, key: key) }
  }

  /// Keeps, for ever, a checkpoint of this ledger with the signatures of witnesses under it.
  ///
  /// - Throws: ``LedgerError/checkpointForeign(size:)`` unless it is of this history and signed by
  ///   the log key that was valid then.
  package func keep(_ note: SignedNote) throws {
    try writing { try $0.keep(note) }
  }
}
