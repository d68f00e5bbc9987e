import Events
import Foundation
import TransparencyLog

/// A copy of a ledger in a folder of its own:
///
///     ledger.sqlite   every entry, as of one moment
///     vault.sqlite    the ciphertexts that those entries commit to, and no others
///     ledger.receipt  the newest entry's receipt (C2SP tlog-proof), with the checkpoint of all
///
/// No anchor, so nobody can go on appending to it by mistake; and no people's keys, which may not
/// outlive an erasure (``PeopleKeys``). Trusted for nothing: who restores it verifies it first.
package struct BackupFolder: Hashable, Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  package var ledger: String { path + "/ledger.sqlite" }
  package var vault: String { path + "/vault.sqlite" }
  package var receipt: String { path + "/ledger.receipt" }

  /// The same files, to be read as a ledger.
  package var directory: LedgerDirectory { LedgerDirectory(path) }

  /// Where it is made, beside where it shall be.
  package var draft: BackupFolder { BackupFolder(path + ".partial") }

  /// Nothing stands here yet, or an empty folder.
  package var isFree: Bool {
    guard FileIdentity(path: path) != nil else { return true }
    return (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty ?? false
  }

  /// Makes the folder of a draft, or empties the one that an earlier attempt left, and keeps it for
  /// this process as long as what is returned is kept.
  ///
  /// - Throws: ``LedgerError/directoryBusy(path:)`` while somebody else makes one.
  package func keepDraft() throws -> DirectoryLock {
    try LedgerDirectory.makePath(path)
    let lock = try DirectoryLock(path)
    for name in try FileManager.default.contentsOfDirectory(atPath: path) {
      try FileManager.default.removeItem(atPath: path + "/" + name)
    }
    return lock
  }

  /// Copies `live` into this new folder; durable when this returns but for the folder's own name.
  ///
  /// The ledger first: the vault commits before the ledger, so whatever the copied entries need is
  /// in a vault copied after them, and what it has beyond that is cut off.
  ///
  /// - Returns: The receipt.
  /// - Throws: ``LedgerError``; the live files are only read.
  package func write(copyOf live: LedgerDirectory) throws -> Receipt {
    try LedgerDirectory.makePath(path)
    try DatabaseCopy.make(of: live.database, at: ledger)
    try DatabaseCopy.make(of: live.vault, at: vault)
    try cutVault()
    let receipt = try newestReceipt()
    try StateFile(self.receipt).replace(with: receipt.serialized)
    try LedgerDirectory(path).sync()
    return receipt
  }

  private func cutVault() throws(LedgerError) {
    try Self.cut(vault, toEntriesOf: ledger)
    try DatabaseCopy.fold(vault)
  }

  /// Ciphertexts of entries that the copied ledger does not have go; the others are settled.
  private static func cut(
    _ vault: String, toEntriesOf ledger: String
  ) throws(LedgerError) {
    let connection = try Connection(path: vault, access: .writing)
    try Schema.vault.check(connection)
    try connection.execute("ATTACH '\(ledger.replacing("'", with: "''"))' AS ledger")
    try connection.transaction { () throws(LedgerError) in
      try connection.execute(
        """
        DELETE FROM sealed WHERE NOT EXISTS
          (SELECT 1 FROM ledger.entry AS known WHERE known.entry = sealed.entry);
        UPDATE sealed SET settled = 1 WHERE settled = 0
        """)
    }
    try connection.execute("DETACH ledger")
  }

  private func newestReceipt() throws -> Receipt {
    let receipt = try Self.newestReceipt(in: LedgerDirectory(path))
    try tidy()
    return receipt
  }

  private static func newestReceipt(in directory: LedgerDirectory) throws -> Receipt {
    let reader = try LedgerReader(directory)
    return try reader.receipt(for: try reader.head().size - 1)
  }

  /// Takes away what reading the copies has left beside them. Nobody may have them open.
  package func tidy() throws(LedgerError) {
    for file in [ledger, vault] { try DatabaseCopy.tidy(file) }
    try LedgerDirectory(path).sync()
  }

  /// Gives the finished draft its name.
  ///
  /// Commit point: the rename. A crash before leaves no backup, and a draft that the next one
  /// replaces.
  ///
  /// - Throws: ``LedgerError/exists(path:)`` when something stands there.
  package func publish() throws(LedgerError) {
    guard isFree else { throw LedgerError.exists(path: path) }
    guard rename(draft.path, path) == 0 else {
      throw LedgerError.system(operation: "rename", path: path, errno: errno)
    }
    let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
    try LedgerDirectory(parent).sync()
  }

  /// Removes an unfinished one.
  package func remove() { try? FileManager.default.removeItem(atPath: path) }
}
