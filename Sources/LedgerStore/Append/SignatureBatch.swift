import CanonicalJSON
import Cryptography
import Dispatch
import Events
import Synchronization

/// Verifies the signatures of a batch before its transaction, on all cores.
///
/// A keyid is the digest of its key, so whether a signature verifies depends on no ledger; whether
/// the key may sign is decided later, in order, under the lock. What is not known yet, or does not
/// verify, is left to that decision. What this process has signed itself it need not ask: see
/// decision 0008.
struct SignatureBatch {
  /// For each envelope the keys whose signature over it verifies.
  let verified: [Set<KeyID>]

  init(_ envelopes: [SignedEnvelope], keys: [KeyID: RegisteredKey]) {
    guard envelopes.count(where: \.hasOthersSignatures) > 1 else {
      verified = envelopes.map { Self.verify($0, keys) }
      return
    }
    let results = Mutex([Set<KeyID>](repeating: [], count: envelopes.count))
    DispatchQueue.concurrentPerform(iterations: envelopes.count) { index in
      let found = Self.verify(envelopes[index], keys)
      results.withLock { $0[index] = found }
    }
    verified = results.withLock { $0 }
  }

  private static func verify(
    _ envelope: SignedEnvelope, _ keys: [KeyID: RegisteredKey]
  ) -> Set<KeyID> {
    // What has more is refused for its form before anybody asks whether they verify.
    guard envelope.signatures.count <= Limits.signaturesPerEntry else { return [] }
    let others = envelope.signatures.filter { !envelope.signedHere.contains($0.keyid) }
    guard !others.isEmpty else { return envelope.signedHere }
    let message = envelope.signedMessage
    let valid = others.filter { signature in
      keys[signature.keyid]?.publicKey.isValid(signature: signature.signature, for: message)
        ?? false
    }
    return envelope.signedHere.union(valid.map(\.keyid))
  }
}

extension SignedEnvelope {
  fileprivate var hasOthersSignatures: Bool { signedHere.count < signatures.count }
}
