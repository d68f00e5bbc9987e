import CSQLite
import Foundation

/// A copy of people's keys, on its own in a file that the next copy replaces.
///
/// FORMAT.md: these keys are in no replica or history that outlives the erasure deadline. One file
/// that is written anew holds no older state; keep it out of whatever keeps versions, and write it
/// at least as often as an erasure may take.
package struct PeopleKeys: Hashable, Sendable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Replaces the file by a copy of the keys in `live`, durable when this returns.
  ///
  /// Commit point: the rename. A crash before leaves the older copy, and a draft that the next copy
  /// replaces. One copy into a folder at a time.
  ///
  /// - Throws: ``LedgerError/directoryBusy(path:)``; as ``checkReplaceable()``.
  package func write(copyOf live: LedgerDirectory) throws(LedgerError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let lock = try DirectoryLock(folder)
    defer { withExtendedLifetime(lock) {} }
    try checkReplaceable()
    let draft = path + ".partial"
    for leftover in ["", "-journal", "-wal", "-shm"] { unlink(draft + leftover) }
    try DatabaseCopy.make(of: live.vaultKeys, at: draft)
    try Self.check(draft)
    try DatabaseCopy.tidy(draft)
    guard rename(draft, path) == 0 else {
      throw LedgerError.system(operation: "rename", path: path, errno: errno)
    }
    try LedgerDirectory(folder).sync()
  }

  /// That nothing stands there but an older copy of people's keys.
  ///
  /// - Throws: ``LedgerError/foreignFile(path:expected:actual:)``, or that it is no database.
  package func checkReplaceable() throws(LedgerError) {
    guard FileIdentity(path: path) != nil else { return }
    _ = try Schema.vaultKeys.open(path, access: .reading)
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
