import CSQLite
import Foundation

/// The words for a disk, or a file system, that does not do what it is asked.
extension LedgerError {
  /// Extended codes of SQLITE_IOERR: `fsync` of a file, or of its directory, failed.
  private static let syncCodes = [SQLITE_IOERR | 4 << 8, SQLITE_IOERR | 5 << 8]

  /// Whether it tells of a sync that failed: nobody knows what is on the disk.
  var isFailedSync: Bool {
    switch self {
    case .syncFailed: true
    case .database(_, let code, _): Self.syncCodes.contains(code)
    default: false
    }
  }

  /// Whether SQLite says that what stands in the file is no database, or a damaged one.
  package var isDamage: Bool {
    guard case .database(_, let code, _) = self else { return false }
    return [SQLITE_CORRUPT, SQLITE_NOTADB].contains(code & 0xFF)
  }

  /// Whether somebody else holds the file for longer than anybody waits.
  package var isBusy: Bool {
    guard case .database(_, let code, _) = self else { return false }
    return [SQLITE_BUSY, SQLITE_LOCKED].contains(code & 0xFF)
  }

  var diskProblem: String {
    switch self {
    case .system(let operation, let path, let errno):
      "\(operation) of \(path) failed: \(Self.words(errno)). \(Self.advice(errno, path))"
    case .database(let path, let code, let message):
      Self.refusal(of: path, code: code, saying: "\(message) (\(code))")
    case .notWritable(let path, let errno):
      """
      Nothing was recorded: \(path) cannot be written: \(Self.words(errno)). See `ls -l \(path)`, \
      then do `chmod u+w \(path)` as its owner.
      """
    case .syncFailed(let path, let errno):
      """
      What was written to \(path) may be lost: its sync failed: \(Self.words(errno)). See `dmesg` \
      for the disk, then do the same again: what was recorded is not recorded twice.
      """
    case .writingEnded(let path):
      """
      Nothing was recorded: a sync of \(path) failed, so this process no longer knows what the \
      disk has. Open the ledger again; see `dmesg` for the disk, and `stele verify`.
      """
    default: ""
    }
  }

  /// SQLite's refusal by its primary code, the low byte.
  private static func refusal(of path: String, code: Int32, saying words: String) -> String {
    switch code & 0xFF {
    case SQLITE_FULL:
      """
      Nothing more was recorded: no room for \(path): \(words). Make some, see `df -h \(path)`, \
      then try again.
      """
    case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
      """
      Nothing was recorded: \(path) can only be read here: \(words). See `ls -l \(path)`, and do \
      it as its owner.
      """
    case SQLITE_CANTOPEN:
      """
      Nothing was opened: \(path), or its log beside it, cannot be opened or made: \(words). See \
      `ls -la` of its directory, and do it as its owner.
      """
    case SQLITE_BUSY, SQLITE_LOCKED:
      "Nothing was changed: another process holds \(path): \(words). Try again."
    case SQLITE_IOERR:
      """
      The disk failed \(path): \(words). See `dmesg`, then do the same again: what was recorded \
      is not recorded twice.
      """
    case SQLITE_CORRUPT, SQLITE_NOTADB:
      """
      Nothing was opened: \(path) is damaged: \(words). Keep it, see `stele verify`, then bring \
      the ledger back from a copy: `stele restore COPY`.
      """
    default:
      "SQLite refused \(path): \(words). See `stele verify`."
    }
  }

  private static func words(_ errno: Int32) -> String {
    "\(String(cString: strerror(errno))) (\(errno))"
  }

  private static func advice(_ errno: Int32, _ path: String) -> String {
    switch errno {
    case ENOSPC, EDQUOT: "Make room, see `df -h`, then try again."
    case EACCES, EPERM, EROFS: "See `ls -ld \(path)`, and do it as its owner."
    default: "See `ls -ld \(path)`."
    }
  }
}
