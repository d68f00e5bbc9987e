import CanonicalJSON
import Cryptography
import Events

/// Somebody who can sign: a key, and whose it is.
package struct Signer: Sendable {
  package let actor: ActorID
  package let key: SigningKey

  package init(actor: ActorID, key: SigningKey) {
    self.actor = actor
    self.key = key
  }

  package var keyid: KeyID { Digest(bytes: key.publicKey.keyid) }

  /// A signature over a header, as DSSE wraps it.
  func sign(_ encoded: [UInt8]) -> EntrySignature {
    EntrySignature(keyid: keyid, signature: key.sign(encoded))
  }
}
