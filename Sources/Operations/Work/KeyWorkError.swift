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
  case quorum(needed: Int)
  case logKey(KeyID)

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .ambiguous, .revoked: .badData
    case .tooFewLeft, .quorum, .logKey: .noPermission
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
    case .quorum(let needed):
      """
      Nothing was recorded: \(needed) recovery keys have to sign, and this key ring has one at most.
      See which there are with `stele key list`.
      """
    case .logKey(let keyid):
      """
      Nothing was revoked: \(keyid.hex.prefix(16))… signs the log's checkpoints, and only goes as \
      another one comes, in one entry; no command does that yet.
      """
    }
  }
}

extension KeyError: ExitingError {
  package var exitStatus: ExitStatus { .badData }
}
