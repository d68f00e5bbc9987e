import Foundation

/// A file that nobody but its owner may read: keys, and what they open.
enum OwnedFile {
  /// Regular, ours, and without any right for group or others.
  ///
  /// - Throws: ``LedgerError/notFound(path:)``, ``LedgerError/notOurs(path:)`` for a link, a
  ///   directory or another user's file, ``LedgerError/modeTooOpen(path:mode:)``.
  static func check(_ path: String) throws(LedgerError) {
    let mode = Int(try ownedStatus(path).st_mode & 0o7777)
    guard mode & 0o077 == 0 else { throw LedgerError.modeTooOpen(path: path, mode: mode) }
  }

  /// Regular and ours: what another user's process makes beside it, its owner cannot use.
  ///
  /// - Throws: ``LedgerError/notFound(path:)``, ``LedgerError/notOurs(path:)``.
  static func checkOwner(_ path: String) throws(LedgerError) { _ = try ownedStatus(path) }

  private static func ownedStatus(_ path: String) throws(LedgerError) -> stat {
    var status = stat()
    guard lstat(path, &status) == 0 else { throw LedgerError.notFound(path: path) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
      throw LedgerError.notOurs(path: path)
    }
    return status
  }
}
