import Cryptography

/// Why there is no new backup.
package enum BackupError: ExitingError, Equatable {
  case exists(String)
  case peopleKeysInside(file: String, folder: String)
  case unsound(position: Int, what: String, findings: Int)
  case receipt(size: Int, copied: Int)
  /// Who exports the ledger cannot be recorded here.
  case notRecorded(KeyFileError)
  /// Entries were lost already.
  case behind(source: String, known: Int, copied: Int)

  package var exitStatus: ExitStatus {
    switch self {
    case .exists: .cannotWrite
    case .peopleKeysInside: .usage
    case .unsound, .receipt, .behind: .integrity
    case .notRecorded: .noPermission
    }
  }

  package var description: String {
    switch self {
    case .exists(let path):
      """
      No backup was made: something stands at \(path) already, and a backup replaces nothing.
      Name a folder that is not there: `stele backup \(path)-2`
      """
    case .peopleKeysInside(let file, let folder):
      """
      No backup was made: \(file) lies in \(folder), and people's keys stay out of what is kept.
      Name a file elsewhere, that keeps no versions: `stele backup FOLDER --people-keys FILE`
      """
    case .unsound(let position, let what, let findings):
      """
      No backup was made: the copy does not hold together, \(findings) findings. Entry \
      \(position): \(what)
      See them all with `stele verify`; an older backup can be restored with `stele restore FOLDER`.
      """
    case .receipt(let size, let copied):
      """
      No backup was made: the newest checkpoint covers \(size) entries, the copy has \(copied).
      Try again, and see `stele verify` when it stays so.
      """
    case .notRecorded(let error):
      """
      No backup was made: who exports the ledger is recorded first, which takes the keys of the \
      log and the service, and your own. \(error)
      Run `stele backup` where the keys are, or name yours with --key.
      """
    case .behind(let source, let known, let copied):
      """
      No backup was made: \(source) has seen \(known) entries, the ledger has \(copied): \
      \(known - copied) are lost.
      Go on from the newest backup: `stele restore FOLDER`
      """
    }
  }
}
