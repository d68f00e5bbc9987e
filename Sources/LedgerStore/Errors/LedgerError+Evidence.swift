import CanonicalJSON
import Foundation

/// The words for what may mean that history was lost or altered.
extension LedgerError {
  var anchorProblem: String {
    switch self {
    case .anchorMissing(let path, let size):
      """
      Nothing was opened: the ledger has \(size) entries and no anchor at \(path). Restore the \
      anchor with the database; if entries were lost, start an incarnation.
      """
    case .anchorInvalid(let path, let size):
      """
      Nothing was opened: the ledger has \(size) entries and \(path) holds no valid checkpoint of \
      it. Restore the anchor with the database, and see `stele verify`.
      """
    case .anchorAhead(let path, let anchored, let size):
      """
      Nothing was opened: \(path) has seen \(anchored) entries, the database holds \(size). \
      \(anchored - size) were lost: restore a newer copy, or start an incarnation that says so.
      """
    case .logMissing(let path, let anchored, let size):
      """
      Nothing was opened: \(path) is missing, and with it \(anchored - size) of the \(anchored) \
      entries that the anchor has seen. Put the file back beside its database, or restore a copy.
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
      Entries were lost: keep \(path) as evidence and restore a newer copy.
      """
    case .clientStateBeyondLost(let path, let verified, let named):
      """
      Nothing was used: this client verified \(verified) entries of an incarnation whose successor \
      says that it lost the last of \(named). Keep \(path) as evidence and see `stele verify`.
      """
    case .clientStateInvalid(let path):
      "Nothing was used: \(path) holds no checkpoint. Delete it to trust the ledger anew."
    case .pinDiffers(let path, let pinned, let actual):
      """
      Nothing was used: the pinned key in \(path) is \(pinned), the ledger's is \(actual). If you \
      know why, pin it anew.
      """
    default: ""
    }
  }
}
