import CanonicalJSON
import Cryptography
import Events

/// A key that an entry registers: it may co-sign that entry, and nothing before the next.
struct NewKey {
  /// Index into the entry's data.
  let index: Int
  let keyid: KeyID
  let stream: StreamName
  let registration: KeyRegistered
  /// Nil for a point that anybody can sign for.
  let publicKey: PublicKey?

  /// The registrations among an entry's governing events.
  static func all(in events: [GoverningEvent]) -> [NewKey] {
    events.compactMap { event in
      guard case .key(.registered(let registration)) = event.event else { return nil }
      return NewKey(
        index: event.index, keyid: Digest(bytes: SHA256.hash(registration.key.spki)),
        stream: event.stream, registration: registration,
        publicKey: try? PublicKey(spki: registration.key.spki))
    }
  }

  /// As it stands in the ledger from then on; nil for a weak one, which never does.
  func registered(at position: Int) -> RegisteredKey? {
    publicKey.map {
      RegisteredKey(
        keyid: keyid, publicKey: $0, owner: registration.owner, role: registration.role,
        name: registration.name?.text, registered: position)
    }
  }
}
