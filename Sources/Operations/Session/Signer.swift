import CanonicalJSON
import Cryptography
import Events

/// Somebody who acts, and the key that signs for them.
package struct Signer: Sendable {
  /// Who acts: whose grants count, and whose words are sealed.
  package let actor: ActorID
  package let key: SigningKey
  /// Whose key it is: the actor's own, or the service's where a token proves the actor.
  package let owner: ActorID
  /// For whom the owner attests, by which token; nil where the actor signs.
  package let behalf: Behalf?

  package init(actor: ActorID, key: SigningKey) {
    self.actor = actor
    self.key = key
    owner = actor
    behalf = nil
  }

  /// The service, for whom a token proves.
  init(attesting attested: AccessAttested, by service: Signer) {
    actor = attested.actor
    key = service.key
    owner = service.owner
    behalf = Behalf(actor: attested.actor, evidence: attested.evidence)
  }

  package var keyid: KeyID { Digest(bytes: key.publicKey.keyid) }
}
