import CanonicalJSON

/// The algorithm of a key; a new one joins here.
package enum KeyAlgorithm: String, WordValue {
  case ed25519

  /// What precedes the raw key in its SubjectPublicKeyInfo, and how long the whole is.
  package var spkiPrefix: [UInt8] {
    switch self {
    case .ed25519: [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00]
    }
  }

  package var spkiByteCount: Int {
    switch self {
    case .ed25519: 44
    }
  }
}

/// A public key as SubjectPublicKeyInfo in DER: in the ledger's JSON, hex.
package struct PublicKeyBytes: TextValue {
  package static let expected = "a SubjectPublicKeyInfo in hex"

  package let spki: [UInt8]

  package init(spki: [UInt8]) { self.spki = spki }

  package init?(dataText: String) {
    guard let bytes = Hex.decode(dataText), !bytes.isEmpty else { return nil }
    spki = bytes
  }

  package var dataText: String { Hex.encode(spki) }
}

/// A key entered the ledger, once and for ever, in the stream of its own id.
///
/// It signs from the next position on; the new key co-signs (witnesses excepted).
package struct KeyRegistered: EventPayload {
  package static let kind: EventKind = "key.registered.v1"

  package let algorithm: KeyAlgorithm
  package let key: PublicKeyBytes
  /// Who signs with it; one owner for ever.
  package let owner: ActorID
  package let role: KeyRole
  /// The name in a witness's notes; only witnesses have one.
  package let name: MachineWords?

  package init(
    algorithm: KeyAlgorithm = .ed25519, key: PublicKeyBytes, owner: ActorID, role: KeyRole,
    name: MachineWords? = nil
  ) {
    self.algorithm = algorithm
    self.key = key
    self.owner = owner
    self.role = role
    self.name = name
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    algorithm = try fields.take("algorithm")
    key = try fields.take("key")
    name = try fields.takeOptional("name")
    owner = try fields.take("owner")
    role = try fields.take("role")
    guard key.spki.count == algorithm.spkiByteCount, key.spki.starts(with: algorithm.spkiPrefix)
    else { throw FormFault.field(path: "key", expected: "a key for \(algorithm.rawValue)") }
    guard (name != nil) == (role == .witness) else {
      throw FormFault.field(path: "name", expected: "a witness's note name, and only a witness's")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("algorithm", algorithm)
    fields.put("key", key)
    fields.put("name", name)
    fields.put("owner", owner)
    fields.put("role", role)
  }
}

/// A key signs nothing after this position.
package struct KeyRevoked: EventPayload {
  package static let kind: EventKind = "key.revoked.v1"

  /// `compromised`, `rotated`, `lost`, `left`.
  package let reason: Code
  /// What the key signed from this position on is marked as suspect, never invalidated.
  package let suspectFrom: Int?

  package init(reason: Code, suspectFrom: Int? = nil) {
    self.reason = reason
    self.suspectFrom = suspectFrom
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    reason = try fields.take("reason")
    suspectFrom = try fields.takeOptional("suspectFrom", in: 0...Limits.entries - 1)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("reason", reason)
    fields.put("suspectFrom", suspectFrom)
  }
}

/// Everything that can happen to a key.
package enum KeyEvent: Hashable, Sendable {
  case registered(KeyRegistered)
  case revoked(KeyRevoked)
}
