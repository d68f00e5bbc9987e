import Access
import CanonicalJSON
import Cryptography
import Events

/// Why nothing was restored; the ledger, if there is one, is as it was.
package enum RestoreError: ExitingError, Equatable {
  case notFound(String)
  case notPinned(Origin)
  /// People's keys are here, which stay, and others were named.
  case keysAreHere(String)
  /// People's keys are here, and do not open as such.
  case keysDamaged(String)
  case unsound(position: Int, what: String, findings: Int)
  /// No checkpoint covers its newest entries.
  case unsigned(size: Int, signed: Int)
  /// The file beside the copy that should be its receipt is none.
  case noReceipt(path: String)
  case receipt(path: String, size: Int, copied: Int)
  case newer(path: String, here: Int, copied: Int)
  case lost(source: String, known: Int, copied: Int, copy: String)
  case nothingLost(size: Int)
  case personalValues(sealed: Int, missing: String)
  case noSuccessor(Origin)
  /// Who restores it cannot be recorded here.
  case notRecorded(KeyFileError)
  /// The log key that signs on from the copy is not here.
  case logKeyMissing(keyid: Digest)
  /// By the grants of the copy; the ledger that is replaced has the denial, if it opens.
  case denied(AccessDenied, isRecorded: Bool)

  package var exitStatus: ExitStatus {
    switch self {
    case .notFound: .badData
    case .notPinned, .nothingLost, .keysAreHere: .usage
    case .keysDamaged, .unsound, .unsigned, .noReceipt, .receipt, .lost, .personalValues,
      .noSuccessor:
      .integrity
    case .newer: .cannotWrite
    case .notRecorded, .logKeyMissing, .denied: .noPermission
    }
  }

  package var description: String { "Nothing was restored: " + problem }

  private var problem: String {
    switch self {
    case .notFound, .notPinned, .keysAreHere, .keysDamaged, .unsound, .unsigned, .noReceipt,
      .receipt:
      copyProblem
    case .newer, .lost, .nothingLost, .personalValues, .noSuccessor: successionProblem
    case .notRecorded, .logKeyMissing, .denied: accessProblem
    }
  }

  private var accessProblem: String {
    switch self {
    case .notRecorded(let error):
      """
      who restores it is recorded in what comes of it, which takes the keys of the log and the \
      service, and your own. \(error)
      Put the key ring back first, or name your key with --key; the copy stays as it is.
      """
    case .logKeyMissing(let keyid):
      """
      the log key \(keyid.hex) signs on from the copy, and is not here.
      Put it into the keys directory from your copy of that, then restore again. Without it the \
      copy can be verified and read, and not be continued: recovery keys replace the log key of a \
      ledger that opens.
      """
    case .denied(let denied, let isRecorded):
      """
      by the copy's grants \(denied.request.action.rawValue) is denied to \
      \(denied.request.actor): \(denied.decision.reasons.map(\.rawValue).joined(separator: ", ")).
      \(isRecorded
        ? "The denial is recorded in the ledger here."
        : "No ledger opens here that could keep the denial.") \
      An administrator can restore it.
      """
    default: ""
    }
  }

  private var copyProblem: String {
    switch self {
    case .notFound(let path):
      """
      \(path) is no file, and no folder that `stele backup` made.
      Name one that is: `stele restore FOLDER`
      """
    case .notPinned(let origin):
      """
      the key of \(origin) is not known here, and without it a forged copy looks like any other.
      Name it as `stele init` or `stele key list` showed it: `stele restore … --vkey KEY`
      """
    case .keysAreHere(let path):
      """
      \(path) is there and stays, so that no erasure is taken back.
      Leave --people-keys out; or, if that file is lost or damaged, move it away first.
      """
    case .keysDamaged(let path):
      """
      \(path) is damaged, and no copy could say who was erased since. See what is wrong with it: \
      `stele doctor`
      Put it aside and bring it back from its copy: mv '\(path)' '\(path).damaged', then \
      `stele restore \(path.replacing("vault-keys.sqlite", with: "ledger.sqlite")) \
      --people-keys FILE`
      """
    case .unsound(let position, let what, let findings):
      """
      the copy does not hold together, \(findings) findings. Entry \(position): \(what)
      Restore another one: `stele restore FOLDER`
      """
    case .unsigned(let size, let signed):
      """
      the copy has \(size) entries, and the log has signed for \(signed) of them.
      Restore another one: `stele restore FOLDER`
      """
    case .noReceipt(let path):
      """
      \(path) is no receipt, so it does not say of what the copy beside it was made.
      Restore another one: `stele restore FOLDER`; or the database alone, which is held against \
      what is known here: `stele restore FOLDER/ledger.sqlite`
      """
    case .receipt(let path, let size, let copied):
      """
      \(path) is of a copy of \(size) entries, this one has \(copied) or others.
      Restore another one: `stele restore FOLDER`
      """
    default: ""
    }
  }

  private var successionProblem: String {
    switch self {
    case .newer(let path, let here, let copied):
      """
      \(path) holds together and has \(here) entries, the copy \(copied).
      If only its anchor or people's keys are lost: `stele restore \(path)/ledger.sqlite`, with \
      --people-keys FILE for the latter. If vault.sqlite is: `stele restore … --vault-only`, and \
      --without-personal-values where the copy lacks what was sealed since.
      """
    case .lost(let source, let known, let copied, let copy):
      """
      the copy has \(copied) entries, and \(source) has seen \(known): \(known - copied) would be \
      lost for good.
      Look for a newer copy first. To go on without them, as a new incarnation that says so:
      `stele restore \(copy) --start-incarnation --recovery FILE`
      """
    case .nothingLost(let size):
      """
      nothing that is known here was lost; the copy has all \(size) entries.
      Leave --start-incarnation out.
      """
    case .personalValues(let sealed, let missing):
      """
      \(missing) are not here, and \(sealed) personal values need them.
      Name the newest copies: `stele restore FOLDER --people-keys FILE`, with --vault-only where \
      the ledger is newer than the folder; or lose those words for good with
      --without-personal-values: `stele verify` will say how many are given up.
      """
    case .noSuccessor(let origin):
      "no incarnation can follow \(origin). Make a new ledger with `stele init`."
    default: ""
    }
  }
}
