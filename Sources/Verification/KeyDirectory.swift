import CanonicalJSON
import Synchronization

/// Public keys by keyid, found anywhere in the ledger.
///
/// A keyid is the SHA-256 of the key, so knowing a key gives nobody authority: whether it was valid
/// is decided by position, in ``KeyRegister``. The directory only lets entries be checked in any
/// order, on every core; what it does not know yet is checked later, in order.
final class KeyDirectory: Sendable {
  private let keys: Mutex<[Digest: VerificationKey]>

  init(_ keys: [VerificationKey] = []) {
    self.keys = Mutex(Dictionary(keys.map { ($0.keyid, $0) }, uniquingKeysWith: { $1 }))
  }

  func add(_ key: VerificationKey) { keys.withLock { $0[key.keyid] = key } }

  /// All keys so far; a copy costs nothing until either side changes.
  var snapshot: [Digest: VerificationKey] { keys.withLock { $0 } }
}
