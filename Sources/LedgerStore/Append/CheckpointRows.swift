import TransparencyLog

/// Checkpoints in the database: the newest, and those that somebody else has signed as well.
final class CheckpointRows {
  private let newestRow: Statement
  private let atSize: Statement
  private let insert: Statement?
  private let remove: Statement?
  private let upsert: Statement?

  init(_ connection: Connection, access: Connection.Access) throws(LedgerError) {
    newestRow = try Statement(
      "SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1", on: connection)
    atSize = try Statement("SELECT note FROM checkpoint WHERE size = ?", on: connection)
    guard access == .writing else {
      (insert, remove, upsert) = (nil, nil, nil)
      return
    }
    insert = try Statement("INSERT INTO checkpoint VALUES (?, 0, ?)", on: connection)
    remove = try Statement(
      "DELETE FROM checkpoint WHERE size < ? AND witnessed = 0", on: connection)
    upsert = try Statement(
      """
      INSERT INTO checkpoint VALUES (?, 1, ?)
      ON CONFLICT (size) DO UPDATE SET witnessed = 1, note = excluded.note
      """, on: connection)
  }

  /// The newest checkpoint as it is stored; nil in an empty ledger.
  func newest() throws(LedgerError) -> String? {
    defer { newestRow.reset() }
    return try newestRow.step() ? newestRow.text(0) : nil
  }

  func note(ofSize size: Int) throws(LedgerError) -> String? {
    atSize.bind(1, size)
    defer { atSize.reset() }
    return try atSize.step() ? atSize.text(0) : nil
  }

  /// Replaces the newest, unless a witness has signed that one.
  func store(_ note: String, size: Int) throws(LedgerError) {
    try remove?.bind(1, size).run()
    try insert?.bind(1, size).bindText(2, note).run()
  }

  /// Keeps `note`, which others have signed too, for ever.
  func keep(_ note: SignedNote, size: Int) throws(LedgerError) {
    try upsert?.bind(1, size).bindText(2, note.serialized).run()
  }
}

extension SignedNote {
  /// A checkpoint as its row has it.
  ///
  /// - Throws: ``LedgerError/checkpointDamaged(detail:)``.
  init(stored text: String) throws(LedgerError) {
    do { try self.init(parsing: text) } catch {
      throw LedgerError.checkpointDamaged(detail: "\(error)")
    }
  }
}
