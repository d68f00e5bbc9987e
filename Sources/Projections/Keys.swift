import CanonicalJSON
import Events

/// Which keys the ledger knows, whose they are, and from where to where they sign.
package struct Keys: Projection {
  package static let name = "keys"
  package static let revision = 1

  package private(set) var byID: [KeyID: Key] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .key(let event) = recorded.event,
      let keyid = Digest(hex: String(recorded.stream.name))
    else { return }
    switch event {
    case .registered(let key):
      byID[keyid] = Key(keyid: keyid, registration: key, registered: recorded.position)
    case .revoked(let revocation):
      byID[keyid]?.revoked = recorded.position
      byID[keyid]?.suspectFrom = revocation.suspectFrom
    }
  }

  /// In the order they were registered.
  package var all: [Key] {
    byID.values.sorted { ($0.registered, $0.keyid) < ($1.registered, $1.keyid) }
  }

  package init(fields: inout FieldReader) throws(FormFault) { byID = try fields.take("byID") }
  package func write(to fields: inout FieldWriter) { fields.put("byID", byID) }
}

extension Keys {
  package struct Key: Hashable, Sendable {
    package let keyid: KeyID
    package let registration: KeyRegistered
    /// Position of the registration; it signs after this.
    package let registered: Int
    /// Position of the revocation; it signs up to and including this.
    package internal(set) var revoked: Int?
    /// From this position on, what it signed is suspect.
    package internal(set) var suspectFrom: Int?

    init(keyid: KeyID, registration: KeyRegistered, registered: Int) {
      self.keyid = keyid
      self.registration = registration
      self.registered = registered
    }

    package var owner: ActorID { registration.owner }
    package var role: KeyRole { registration.role }
    package var spki: PublicKeyBytes { registration.key }
    package var isValid: Bool { revoked == nil }

    /// Whether it may sign the entry at `position`.
    package func signs(_ position: Int) -> Bool {
      position > registered && position <= revoked ?? .max
    }
  }
}

extension Keys.Key: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    keyid = try fields.take("keyid")
    registered = try fields.take("registered", in: FieldRange.fromZero)
    registration = try fields.take("registration")
    revoked = try fields.takeOptional("revoked", in: FieldRange.fromZero)
    suspectFrom = try fields.takeOptional("suspectFrom", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("keyid", keyid)
    fields.put("registered", registered)
    fields.put("registration", registration)
    fields.put("revoked", revoked)
    fields.put("suspectFrom", suspectFrom)
  }
}
