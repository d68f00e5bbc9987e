import CanonicalJSON
import Foundation

/// The words for what may mean that history was lost or altered.
extension LedgerError {
  var anchorProblem: String {
    switch self {
    case .anchorMissing(let path, let size):
      """
      Nothing was opened: the ledger has \(size) entries and no anchor at \(path), which says \
      how many there were. Put it back, or let a copy of the database be held against all else \
      that is known: `stele restore COPY`.
      """
    case .anchorInvalid(let path, let size):
      """
      Nothing was opened: the ledger has \(size) entries and \(path) holds no valid checkpoint of \
      it. See `stele verify`, then bring the ledger back from a copy: `stele restore COPY`.
      """
    case .anchorAhead(let path, let anchored, let size):
      """
      Nothing was opened: \(path) has seen \(anchored) entries, the database holds \(size). \
      \(anchored - size) were lost: bring them back from a newer copy: `stele restore COPY`, which \
      says how to go on without them.
      """
    case .logMissing(let path, let anchored, let size):
      """
      Nothing was opened: the anchor has seen \(anchored) entries, the database holds \(size), and \
      \(path), which would have the newest, is missing or empty. Put that file back if you have \
      it, or bring \(anchored - size) back from a newer copy: `stele restore COPY`, which says how \
      to go on without them.
      """
    case .anchorDisagrees(let path, let size, let anchored, let actual):
      """
      Nothing was opened: of the first \(size) entries \(path) saw the root \(anchored.hex), the \
      database gives \(actual.hex). History was replaced: see `stele verify`.
      """
    case .anchorNotWritten(let path, let errno):
      """
      Appending stopped: \(path) cannot be written: \(String(cString: strerror(errno))) (\(errno)).\
       Make room or mend its permissions, then try again.
      """
    default: ""
    }
  }

  var readingProblem: String {
    switch self {
    case .rowDamaged(let position, let detail):
      "Entry \(position) cannot be read: \(detail). See `stele verify`."
    case .notProven(let position, let detail):
      "Nothing was done: entry \(position) is not proven: \(detail). See `stele verify`."
    case .readingDiffers(let size, let read, let signedSize, let signed):
      """
      Nothing was done: the first \(size) entries hash to \(read), which is not the beginning of \
      the \(signedSize) that the log's key signed as \(signed). Somebody altered, hid or added \
      one: `stele verify` names it.
      """
    case .streamDiffers(let stream, let indexed, let read):
      """
      Nothing was done: the ledger's index has \(indexed) events of \(stream), and its entries \
      have \(read). Somebody altered the index: `stele verify` names the row.
      """
    case .unsigned(let first, let size):
      """
      Nothing was recorded: of \(size) entries those from \(first) on stand under no checkpoint of \
      the log's key, with which each is recorded. Somebody else wrote them: see `stele verify`.
      """
    case .tileMissing(let level, let index):
      "No proof was made: tile \(level)/\(index) is not stored. See `stele verify`."
    case .positionOutside(let position, let size):
      "There is no entry \(position): the ledger has \(size). See `stele log`."
    case .notSealed(let position, let pointer):
      "Nothing was revealed: entry \(position) has no sealed value at \(pointer)."
    case .sealedDiffers(let position, let pointer):
      """
      Nothing was revealed: the vault's value for \(pointer) of entry \(position) is not the one \
      that was signed. See `stele verify`.
      """
    case .checkpointForeign(let size):
      """
      Nothing was kept: the checkpoint of \(size) entries is not this ledger's, or not signed by \
      its log key. See `stele verify`.
      """
    case .checkpointDamaged(let detail):
      """
      Nothing was done: the newest checkpoint in the ledger cannot be read. \(detail) See \
      `stele verify`, then bring the ledger back from a copy: `stele restore COPY`.
      """
    default: ""
    }
  }

  var clientProblem: String {
    switch self {
    case .clientStateDiffers(let path, let size, let verified, let actual):
      """
      Nothing was used: this client verified the root \(verified.hex) of the first \(size) \
      entries, the ledger now has \(actual.hex). Keep \(path) as evidence and see `stele verify`.
      """
    case .clientStateAhead(let path, let verified, let size):
      """
      Nothing was used: this client verified \(verified) entries, the ledger now has \(size). \
      Entries were lost: keep \(path) as evidence and bring them back from a newer copy: \
      `stele restore COPY`.
      """
    case .clientStateBeyondLost(let path, let verified, let named):
      """
      Nothing was used: this client verified \(verified) entries of an incarnation whose successor \
      says that it lost the last of \(named). Keep \(path) as evidence and see `stele verify`.
      """
    case .clientStateInvalid(let path):
      """
      Nothing was used: \(path) holds no checkpoint, so what was verified here is not known any \
      more. Keep it as evidence elsewhere; without it the ledger is trusted anew by `stele verify`.
      """
    case .pinInvalid(let path):
      """
      Nothing was used: \(path) holds no verifier key. Write the log's key into it as you know it \
      from whoever ran `stele init`, and see `stele verify`.
      """
    case .pinDiffers(let path, let pinned, let actual):
      """
      Nothing was used: the pinned key in \(path) is \(pinned), the ledger's is \(actual). If you \
      know why, pin it anew.
      """
    default: ""
    }
  }
}
