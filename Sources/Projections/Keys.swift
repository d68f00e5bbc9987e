import CanonicalJSON
import Events

/// Which keys the ledger knows, whose they are, and from where to where they sign.
package struct Keys: Projection {
  package struct Key: Hashable, Sendable {
    package let keyid: KeyID
    package let owner: ActorID
    package let role: KeyRole
    package let spki: PublicKeyBytes
    /// Position of the registration; it signs after this.
    package let registered: Int
    /// Position of the revocation; it signs up to and including this.
    package internal(set) var revoked: Int?
    package internal(set) var suspectFrom: Int?

    package var isValid: Bool { revoked == nil }
  }

  package private(set) var byID: [KeyID: Key] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .key(let event) = recorded.event,
      let keyid = Digest(hex: String(recorded.stream.name))
    else { return }
    switch event {
    case .registered(let key):
      byID[keyid] = Key(
        keyid: keyid, owner: key.owner, role: key.role, spki: key.key,
        registered: recorded.position)
    case .revoked(let revocation):
      byID[keyid]?.revoked = recorded.position
      byID[keyid]?.suspectFrom = revocation.suspectFrom
    }
  }

  /// In the order they were registered.
  package var all: [Key] {
    byID.values.sorted { ($0.registered, $0.keyid) < ($1.registered, $1.keyid) }
  }
}
