import CanonicalJSON

/// A registered key and the positions at which it may sign.
struct KeyRecord: Sendable {
  let key: VerificationKey
  let owner: Identifier
  let role: SigningRole
  /// Position of its registration.
  let registered: Int
  /// Position of its revocation.
  var revoked: Int?
  /// From where its signatures are doubted, without being invalid.
  var suspectFrom: Int?

  /// Registered at p and revoked at r it signs p < i ≤ r; genesis may be signed by what it
  /// registers.
  func isValid(at position: Int) -> Bool {
    (registered < position || position == 0) && position <= revoked ?? .max
  }
}

/// All keys that were ever registered, and how many recovery keys make a quorum.
struct KeyRegister {
  private(set) var records: [Digest: KeyRecord] = [:]
  var recoveryThreshold = 0

  subscript(keyid: Digest) -> KeyRecord? { records[keyid] }

  mutating func register(_ registration: KeyRegistration, at position: Int) {
    guard let key = registration.key else { return }
    records[registration.keyid] = KeyRecord(
      key: key, owner: registration.owner, role: registration.role, registered: position)
  }

  mutating func restore(_ record: KeyRecord) { records[record.key.keyid] = record }

  mutating func revoke(_ keyid: Digest, at position: Int, suspectFrom: Int?) {
    records[keyid]?.revoked = position
    records[keyid]?.suspectFrom = suspectFrom
  }

  /// The key that signs checkpoints of size `position` + 1.
  func logKey(at position: Int) -> KeyRecord? {
    records.values.first { $0.role == .log && $0.isValid(at: position) }
  }

  /// Whether `raw` was a key of this log at any time.
  func wasLogKey(_ raw: [UInt8]) -> Bool {
    records.values.contains { $0.role == .log && $0.key.raw == raw }
  }
}
