import Cryptography
import Events
import TransparencyLog

extension RegisteredKey {
  /// This log key as notes of `origin` know it.
  package func verifierKey(of origin: Origin) throws -> VerifierKey {
    try VerifierKey(
      name: origin.description, algorithm: .ed25519, key: publicKey.raw, using: LibcryptoHashing())
  }
}

extension LedgerCustody {
  /// Every key that has signed checkpoints of this ledger, as notes know it: one a log key and
  /// origin that it may have signed under.
  package func verifierKeys() throws -> [VerifierKey] {
    var verifiers: [VerifierKey] = []
    for keyid in logKeys {
      guard let key = keys[keyid] else { continue }
      for origin in origins { verifiers.append(try key.verifierKey(of: origin)) }
    }
    return verifiers
  }

  /// Whether the log key that was valid then has signed `note` under the origin of then.
  func isSigned(_ note: SignedNote, as checkpoint: Checkpoint) throws -> Bool {
    guard let key = logKey(forSize: checkpoint.size),
      let origin = origin(at: checkpoint.size - 1), origin.description == checkpoint.origin
    else { return false }
    let verifier = try key.verifierKey(of: origin)
    let signed: Void? = try? note.requireSignature(by: verifier) {
      key.publicKey.isValid(signature: $1, for: $2)
    }
    return signed != nil
  }
}
