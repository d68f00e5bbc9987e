import CanonicalJSON
import Cryptography
import Events

/// A key of the ledger, with the positions that it may sign.
package struct RegisteredKey: Hashable, Sendable {
  package let keyid: KeyID
  package let publicKey: PublicKey
  /// One, for ever.
  package let owner: ActorID
  package let role: KeyRole
  /// The name in a witness's notes; only witnesses have one.
  package let name: String?
  /// Position of its registration.
  package let registered: Int
  /// Position of its revocation, the last that it may sign.
  package internal(set) var revoked: Int?
  /// What it signed from here on is marked, never invalidated.
  package internal(set) var suspectFrom: Int?

  /// Whether it may sign the entry at `position`: after its registration, up to its revocation; in
  /// genesis its own.
  package func isValid(at position: Int) -> Bool {
    let isRegistered = registered < position || (registered == 0 && position == 0)
    return isRegistered && position <= revoked ?? .max
  }
}
