import CanonicalJSON
import Cryptography
import Events
import Projections

/// Why no key was added or revoked; the ledger is as it was.
package enum KeyWorkError: ExitingError, Equatable {
  case unknown(String)
  case ambiguous(String, [KeyID])
  case revoked(KeyID, at: Int)
  case tooFewLeft(KeyID, KeyRole, left: Int, needed: Int)
  case quorum(found: Int, needed: Int)
  case notRecovery(path: String, role: KeyRole)
  case suspectAhead(Int, size: Int)
  case logKey(KeyID)
  /// What should become the log's key is registered as something else, or was the log's before.
  case nextLogKey(path: String, role: KeyRole)
  /// Nobody can record the denial either: the log's key is lost.
  case rotationDenied(ActorID)

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .ambiguous, .revoked, .suspectAhead: .badData
    case .tooFewLeft, .quorum, .notRecovery, .logKey, .nextLogKey, .rotationDenied:
      .noPermission
    }
  }

  package var description: String {
    switch self {
    case .unknown(let prefix):
      """
      Nothing was revoked: no key's id begins with '\(prefix)'.
      See the keys there are with `stele key list`.
      """
    case .ambiguous(let prefix, let keyids):
      """
      Nothing was revoked: '\(prefix)' begins the ids of \(keyids.count) keys: \
      \(keyids.map { $0.hex.prefix(16) + "…" }.joined(separator: ", ")).
      Write more of it: `stele key list`
      """
    case .revoked(let keyid, let position):
      """
      Nothing was revoked: the key \(keyid.hex.prefix(16))… was, at position \(position).
      See it with `stele show \(position)`.
      """
    case .tooFewLeft(let keyid, let role, let left, let needed):
      """
      Nothing was revoked: without \(keyid.hex.prefix(16))… \(left) \(role.rawValue) keys are \
      left, and the ledger needs \(needed).
      Add another one first: `stele key add --role \(role.rawValue) --key FILE`
      """
    case .quorum(let found, let needed):
      """
      Nothing was recorded: \(needed) recovery keys have to sign, and \(found) are at hand.
      Name the files of as many, wherever they are kept: `--recovery FILE FILE…`
      """
    case .notRecovery(let path, let role):
      """
      Nothing was recorded: the key in \(path) is registered as \(role.rawValue), not recovery.
      See which keys are with `stele key list`.
      """
    case .suspectAhead(let position, let size):
      """
      Nothing was revoked: what is signed from position \(position) on cannot be doubted yet, the \
      ledger has \(size) entries.
      Find the first doubtful one with `stele log --actor OWNER`.
      """
    case .logKey(let keyid):
      """
      Nothing was revoked: \(keyid.hex.prefix(16))… signs the log's checkpoints, and only goes as \
      another one comes.
      Replace it: `stele key rotate-log`
      """
    case .nextLogKey(let path, let role):
      """
      Nothing was rotated: the key in \(path) is registered as \(role.rawValue) for ever, and \
      cannot become the log's.
      Move it away, `mv \(path) \(path).unused`, and rotate again: another one is made.
      """
    case .rotationDenied(let actor):
      """
      Nothing was rotated: \(actor) may not, and without the log's key that cannot be recorded.
      Let an administrator do it: `stele access matrix`
      """
    }
  }
}

extension KeyError: ExitingError {
  package var exitStatus: ExitStatus { .badData }
}
