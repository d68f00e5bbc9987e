import CanonicalJSON
import Cryptography
import Events
import Foundation
import TransparencyLog

/// A ledger put together from copies, beside the live one and before it takes its place:
/// `.stele/restore.partial`.
///
/// A whole ledger directory, so what is to be appended to a restored ledger is appended here, and
/// everything is verified here. Nobody else knows of it, so it may be begun anew at any time.
package struct StagedLedger: Hashable, Sendable {
  /// What it shall become.
  package let live: LedgerDirectory
  package let directory: LedgerDirectory

  /// Where a ledger is put together from.
  package struct Sources: Hashable, Sendable {
    package let ledger: String
    /// Nil makes an empty vault.
    package let vault: String?
    /// Nil makes an empty one: what it should open stays closed for ever.
    package let peopleKeys: String?

    package init(ledger: String, vault: String?, peopleKeys: String?) {
      self.ledger = ledger
      self.vault = vault
      self.peopleKeys = peopleKeys
    }
  }

  /// Tables that Litestream adds to a database it replicates; they are no part of the format.
  private static let litestreamTables = ["_litestream_lock", "_litestream_seq"]

  /// Copies everything, replacing what an earlier attempt left. The sources are only read.
  ///
  /// - Throws: ``LedgerError``: a source is no database of this format, or there is no room.
  package init(_ sources: Sources, for live: LedgerDirectory) throws {
    self.live = live
    directory = LedgerDirectory(live.path + "/restore.partial")
    remove()
    for path in [live.path, directory.path] where mkdir(path, 0o700) != 0 && errno != EEXIST {
      throw LedgerError.system(operation: "mkdir", path: path, errno: errno)
    }
    try Self.take(sources.ledger, to: directory.database, as: .ledger)
    try Self.take(sources.vault, to: directory.vault, as: .vault)
    try Self.take(sources.peopleKeys, to: directory.vaultKeys, as: .vaultKeys)
  }

  private static func take(
    _ source: String?, to path: String, as schema: Schema
  ) throws(LedgerError) {
    if let source {
      try DatabaseCopy.make(of: source, at: path)
      let connection = try Connection(path: path, access: .writing)
      for table in litestreamTables { try connection.execute("DROP TABLE IF EXISTS \(table)") }
      try schema.check(connection)
    } else {
      _ = try FileDescriptor(path, O_RDWR | O_CREAT | O_EXCL)
      try schema.create(on: Connection(path: path, access: .writing))
    }
  }

  package func remove() { try? FileManager.default.removeItem(atPath: directory.path) }

  /// Erases again whoever was erased since the copies were made; needs no key.
  ///
  /// - Parameter tombstones: The file that remembers them outside; it need not exist.
  /// - Returns: Everybody who is erased: by this file, by the copied ledger's own record, or by the
  ///   people's keys that were copied.
  /// - Throws: ``LedgerError/erasureForged(path:people:)`` and others.
  package func eraseAgain(tombstones: String, at time: Timestamp) throws -> Set<SubjectID> {
    let keys = try Connection(path: directory.vaultKeys, access: .writing)
    let values = try Connection(path: directory.vault, access: .writing)
    var erased = try TombstoneFile(path: tombstones).subjects()
    erased.formUnion(
      try Connection(path: directory.database, access: .reading).recordedErasures())
    for subject in erased { try keys.erasePerson(subject, at: time) }
    try keys.checkErasures()
    erased.formUnion(try keys.tombstones())
    for subject in erased { try values.eraseValues(of: subject) }
    for connection in [keys, values] { try WALCheckpointer(connection).truncate() }
    return erased
  }

  /// Who is erased, as ``eraseAgain(tombstones:at:)`` has left it here.
  package func erased() throws -> Set<SubjectID> {
    try Connection(path: directory.vaultKeys, access: .reading).tombstones()
  }

  /// Whether no personal value at all was copied.
  package func hasPersonalValues() throws -> Bool {
    try Connection(path: directory.vault, access: .reading)
      .text("SELECT 1 FROM sealed LIMIT 1") != nil
  }

  /// Writes the anchor: the newest checkpoint of the copy, or one that it does not reach. With the
  /// latter nothing but a new incarnation is accepted here.
  ///
  /// - Throws: ``LedgerError/anchorMissing(path:size:)`` for a copy without a checkpoint.
  package func anchor(_ note: String? = nil) throws {
    guard let note = try note ?? directory.reading({ try $0.head().checkpoint?.serialized }) else {
      throw LedgerError.anchorMissing(path: directory.database, size: 0)
    }
    try? FileManager.default.removeItem(atPath: directory.anchor)
    let anchor = Anchor(AnchorFile(in: directory), path: directory.anchor)
    try anchor.write(note)
    try anchor.sync()
  }
}
