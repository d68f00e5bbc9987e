import CanonicalJSON
import Cryptography
import Events
import TransparencyLog

/// Signs checkpoints with the log's keys that are at hand: one, or two while one replaces the
/// other.
struct LogSigner {
  private let keys: [KeyID: SigningKey]
  /// The key and origin of the last checkpoint, which the next one has as well.
  private var last: (keyid: KeyID, origin: Origin, verifier: VerifierKey)?

  init(_ keys: [SigningKey]) {
    self.keys = Dictionary(
      keys.map { (Digest(bytes: $0.publicKey.keyid), $0) }, uniquingKeysWith: { first, _ in first })
  }

  func canSign(size: Int, custody: LedgerCustody) -> Bool {
    custody.logKey(forSize: size).map { keys[$0.keyid] != nil } ?? false
  }

  /// The checkpoint of the first `size` entries, signed by the log key valid at the last of them
  /// under the origin that its header bears.
  ///
  /// - Throws: ``LedgerError/logKeyMissing(keyid:)`` when that key is not at hand.
  mutating func checkpoint(
    size: Int, root: Digest, custody: LedgerCustody
  ) throws -> SignedNote {
    guard let valid = custody.logKey(forSize: size), let origin = custody.origin(at: size - 1)
    else { preconditionFailure("a ledger of \(size) entries has a log key and an origin") }
    guard let key = keys[valid.keyid] else {
      throw LedgerError.logKeyMissing(keyid: valid.keyid)
    }
    let text = try Checkpoint(origin: origin.description, size: size, root: root).text
    let verifier = try verifier(of: valid, origin)
    return SignedNote(
      text: text, signatures: [verifier.signature(on: text) { key.sign($0) }])
  }

  private mutating func verifier(
    of key: RegisteredKey, _ origin: Origin
  ) throws -> VerifierKey {
    if let last, last.keyid == key.keyid, last.origin == origin { return last.verifier }
    let verifier = try key.verifierKey(of: origin)
    last = (key.keyid, origin, verifier)
    return verifier
  }
}
