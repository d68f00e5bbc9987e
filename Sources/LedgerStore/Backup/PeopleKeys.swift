import CSQLite
import Cryptography
import Foundation

/// A copy of people's keys, on its own in a file that the next copy replaces.
///
/// FORMAT.md: these keys are in no replica or history that outlives the erasure deadline. One file
/// that is written anew holds no older state; keep it out of whatever keeps versions, and write it
/// at least as often as an erasure may take.
package struct PeopleKeys: Hashable, Sendable {
  package let path: String

  /// - Parameter named: As somebody wrote it; links are followed, the file need not exist.
  /// - Throws: ``LedgerError/system(operation:path:errno:)``: there is no such folder.
  package init(resolving named: String) throws(LedgerError) {
    let url = URL(fileURLWithPath: named)
    if let whole = realpath(named, nil) {
      defer { free(whole) }
      path = String(cString: whole)
      return
    }
    // Not tidied by its letters: what `..` means depends on what the folder before it is a link to.
    let parent = named.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    guard let folder = realpath(parent.isEmpty ? "/" : parent, nil) else {
      throw LedgerError.system(operation: "realpath", path: named, errno: errno)
    }
    defer { free(folder) }
    path = String(cString: folder) + "/" + url.lastPathComponent
  }

  /// Where it lies.
  package var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

  /// Replaces the file by a copy of the keys in `live`, durable when this returns.
  ///
  /// Commit point: the rename. A crash before leaves the older copy, and a draft that the next copy
  /// replaces. One copy into a folder at a time.
  ///
  /// - Throws: ``LedgerError/directoryBusy(path:)``, ``LedgerError``.
  package func write(copyOf live: LedgerDirectory) throws(LedgerError) {
    let lock = try DirectoryLock(folder)
    defer { withExtendedLifetime(lock) {} }
    let draft = path + ".stele-partial"
    for leftover in ["", "-journal", "-wal", "-shm"] { unlink(draft + leftover) }
    try DatabaseCopy.make(of: live.vaultKeys, at: draft)
    try Self.check(draft)
    try DatabaseCopy.tidy(draft)
    guard rename(draft, path) == 0 else {
      throw LedgerError.system(operation: "rename", path: path, errno: errno)
    }
    try LedgerDirectory(folder).sync()
  }

  /// That nothing stands there but an older copy of these people's keys.
  ///
  /// - Parameter vaultKey: What has to open them; nil where it is not at hand.
  /// - Throws: ``LedgerError/foreignFile(path:expected:actual:)``, or that it is no database;
  ///   ``LedgerError/vaultLocked(path:)`` for those of another ledger.
  package func checkReplaceable(vaultKey: [UInt8]?) throws(LedgerError) {
    guard FileIdentity(path: path) != nil else { return }
    let connection = try Schema.vaultKeys.open(path, access: .reading)
    guard let vaultKey else { return }
    _ = try PersonKeys(connection, vaultKey: vaultKey, random: SystemRandom())
  }

  private static func check(_ draft: String) throws(LedgerError) {
    let connection = try Connection(path: draft, access: .reading)
    try Schema.vaultKeys.check(connection)
    let answer = try connection.text("PRAGMA quick_check") ?? "nothing"
    guard answer == "ok" else {
      throw LedgerError.database(
        path: draft, code: SQLITE_CORRUPT, message: "quick_check: \(answer)")
    }
  }
}
