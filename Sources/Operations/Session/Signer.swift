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
}
