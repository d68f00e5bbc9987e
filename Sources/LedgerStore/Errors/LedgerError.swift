import CanonicalJSON
import Events

/// Why a ledger could not be opened, read or written as a whole; what was committed stays.
///
/// What is wrong with one entry is an ``AppendError``.
package enum LedgerError: Error, Hashable, Sendable {
  case notFound(path: String)
  case exists(path: String)
  case system(operation: String, path: String, errno: Int32)
  case database(path: String, code: Int32, message: String)
  /// The file is there, and not for this user to write.
  case notWritable(path: String, errno: Int32)
  /// The file is another program's, or one that was never finished: it names another application.
  case foreignFile(path: String, expected: Int, actual: Int)
  /// What was written may be on the disk or not, and asking again would not tell.
  case syncFailed(path: String, errno: Int32)
  /// A sync failed earlier, and with it ended this writer's right to write.
  case writingEnded(path: String)
  /// A setting of FORMAT.md did not hold when it was read back.
  case settingRefused(path: String, setting: String, expected: String, actual: String)
  case schemaNewer(path: String, known: Int, found: Int)
  case migrationDiffers(path: String, number: Int, expected: String, actual: String)
  case schemaDiffers(path: String, expected: String, actual: String)

  case notOurs(path: String)
  case modeTooOpen(path: String, mode: Int)
  case secretLength(path: String, bytes: Int)
  /// A copy that is being made or restored was written to by somebody else.
  case copyInUse(path: String)
  /// The vault was asked for without the key that opens it, or with another one.
  case vaultLocked(path: String)

  case writerBusy(path: String, milliseconds: Int)
  case fileReplaced(path: String)
  /// The ledger was opened for reading.
  case readOnly(path: String)

  case anchorMissing(path: String, size: Int)
  case anchorInvalid(path: String, size: Int)
  /// Entries were lost: the anchor has seen more than the database holds.
  case anchorAhead(path: String, anchored: Int, size: Int)
  /// Entries were lost, perhaps with the database's write-ahead log, which is not there or empty.
  case logMissing(path: String, anchored: Int, size: Int)
  case anchorDisagrees(path: String, size: Int, anchored: Digest, actual: Digest)
  case anchorNotWritten(path: String, errno: Int32)

  /// Nobody can sign the checkpoint that the next entry needs.
  case logKeyMissing(keyid: Digest)
  /// A stored row cannot be what was appended.
  case rowDamaged(position: Int, detail: String)
  /// What a decision rests on does not hold together; nothing was done.
  case notProven(position: Int, detail: String)
  /// The first `size` entries, as they were read, are no beginning of what the log has signed;
  /// nothing was done.
  case readingDiffers(size: Int, read: Digest, signedSize: Int, signed: Digest)
  /// The index of streams has another version of one than the entries that were read; nothing was
  /// done.
  case streamDiffers(stream: StreamName, indexed: Int, read: Int)
  /// Entries from `first` on stand under no checkpoint, with which every one is committed.
  case unsigned(first: Int, size: Int)
  case tileMissing(level: Int, index: Int)
  case positionOutside(position: Int, size: Int)
  case notSealed(position: Int, pointer: String)
  /// What the vault gives is not what the body commits to.
  case sealedDiffers(position: Int, pointer: String)
  case checkpointForeign(size: Int)
  /// What should be the newest checkpoint is no signed note.
  case checkpointDamaged(detail: String)
  /// The vault has not got the newest value that the ledger says was sealed, and nobody was erased.
  case vaultBehind(path: String, position: Int)
  /// The file that remembers outside who was erased has a line that is none.
  case tombstoneInvalid(path: String, line: Int)
  /// People are said to be erased whose keys are still there.
  case erasureForged(path: String, people: Int)
  /// People have keys again whom the ledger records as erased.
  case erasureUndone(path: String, people: Int)
  /// Somebody else is at it.
  case directoryBusy(path: String)
  /// The ledger has changed since it was decided what takes its place.
  case changedMeanwhile(path: String)

  /// What this client verified earlier is not what the ledger says now.
  case clientStateDiffers(path: String, size: Int, verified: Digest, actual: Digest)
  case clientStateAhead(path: String, verified: Int, size: Int)
  /// An incarnation says that less was lost than this client has verified.
  case clientStateBeyondLost(path: String, verified: Int, named: Int)
  case clientStateInvalid(path: String)
  /// What should be the pinned verifier key is none.
  case pinInvalid(path: String)
  /// The pinned verifier key is of another ledger or another key.
  case pinDiffers(path: String, pinned: String, actual: String)
}
