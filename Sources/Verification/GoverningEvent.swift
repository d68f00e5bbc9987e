import CanonicalJSON

/// A key as its registration describes it.
struct KeyRegistration: Sendable {
  let keyid: Digest
  /// Nil when the bytes are no key that FORMAT.md lets anyone use.
  let key: VerificationKey?
  /// 32 bytes.
  let raw: [UInt8]
  let owner: Identifier
  let role: SigningRole
}

/// An event whose data decides what later entries may do; read strictly, as part of the format.
enum GoverningEvent: Sendable {
  case created(recoveryThreshold: Int)
  case incarnation(previous: LedgerOrigin, common: SeenTree)
  case registered(KeyRegistration)
  case revoked(keyid: Digest, suspectFrom: Int?)
  case retention(class: String, first: Int, last: Int)
  case erased(subject: Identifier)
}

extension GoverningEvent {
  /// Keys that genesis registers; all of them sign it.
  static let genesisKeysMax = 8

  /// Reads the data of one event of a governing kind; nil for kinds that govern nothing.
  ///
  /// - Throws: ``FormFault`` saying which field is not as FORMAT.md has it; the offset is 0 because
  ///   the JSON itself was in order.
  init?(_ run: Run, _ data: JSONValue) throws(FormFault) {
    var fields = DataFields(data)
    switch run.kind {
    case "ledger.created.v1":
      let threshold = try fields.integer("recoveryThreshold")
      guard (1...GoverningEvent.genesisKeysMax).contains(threshold) else {
        throw FormFault(offset: 0, expected: "recoveryThreshold, 1 to 8")
      }
      self = .created(recoveryThreshold: threshold)
    case "ledger.incarnation_started.v1": self = try GoverningEvent.incarnation(&fields)
    case "key.registered.v1": self = .registered(try GoverningEvent.registration(&fields, run))
    case "key.revoked.v1":
      _ = try fields.string("reason")
      self = .revoked(
        keyid: try GoverningEvent.keyid(of: run),
        suspectFrom: try fields.optionalInteger("suspectFrom"))
    case "retention.applied.v1":
      self = .retention(
        class: try fields.string("class"), first: try fields.integer("first"),
        last: try fields.integer("last"))
    case "privacy.erased.v1":
      _ = try fields.string("basis")
      guard let subject = Identifier(parsing: String(run.stream.dropFirst("privacy/".count))) else {
        throw FormFault(offset: 0, expected: "a stream privacy/<UUIDv7>")
      }
      self = .erased(subject: subject)
    default: return nil
    }
    try fields.end()
  }

  private static func incarnation(_ fields: inout DataFields) throws(FormFault) -> GoverningEvent {
    _ = try fields.string("lost")
    guard let previous = LedgerOrigin(parsing: try fields.string("previous")) else {
      throw FormFault(offset: 0, expected: "previous, an origin")
    }
    let common = SeenTree(root: try fields.digest("root"), size: try fields.integer("size"))
    return .incarnation(previous: previous, common: common)
  }

  private static func registration(
    _ fields: inout DataFields, _ run: Run
  ) throws(FormFault) -> KeyRegistration {
    guard try fields.string("algorithm") == "ed25519" else {
      throw FormFault(offset: 0, expected: "algorithm, ed25519")
    }
    let prefix = VerificationKey.spkiPrefix
    guard let spki = Hex.decode(try fields.string("key")), spki.count == prefix.count + 32,
      spki.starts(with: prefix)
    else { throw FormFault(offset: 0, expected: "key, the SPKI of an Ed25519 key in hex") }
    let keyid = Hashing.sha256(spki)
    guard try keyid == GoverningEvent.keyid(of: run) else {
      throw FormFault(offset: 0, expected: "key, the one its stream names")
    }
    guard let role = SigningRole(rawValue: try fields.string("role")) else {
      throw FormFault(offset: 0, expected: "role, one of FORMAT.md's six")
    }
    guard let owner = Identifier(parsing: try fields.string("owner")) else {
      throw FormFault(offset: 0, expected: "owner, a UUIDv7")
    }
    if role == .witness { _ = try fields.string("name") }
    let raw = Array(spki.suffix(32))
    return KeyRegistration(
      keyid: keyid, key: VerificationKey(raw: raw), raw: raw, owner: owner, role: role)
  }

  private static func keyid(of run: Run) throws(FormFault) -> Digest {
    guard let keyid = Digest(hex: String(run.stream.dropFirst("key/".count))) else {
      throw FormFault(offset: 0, expected: "a stream key/<keyid>")
    }
    return keyid
  }
}

/// The fields of one event's data, each taken once.
struct DataFields {
  private var object: JSONObject

  init(_ data: JSONValue) { object = data.objectValue ?? [:] }

  func has(_ name: String) -> Bool { object[name] != nil }

  /// The field, which then is no longer left.
  mutating func take(_ name: String) -> JSONValue? {
    defer { object[name] = nil }
    return object[name]
  }

  mutating func string(_ name: String) throws(FormFault) -> String {
    guard let value = take(name)?.stringValue else {
      throw FormFault(offset: 0, expected: "\(name), a string")
    }
    return value
  }

  /// From 0.
  mutating func integer(_ name: String) throws(FormFault) -> Int {
    guard let value = take(name)?.integerValue, value >= 0 else {
      throw FormFault(offset: 0, expected: "\(name), an integer from 0")
    }
    return Int(value)
  }

  mutating func digest(_ name: String) throws(FormFault) -> Digest {
    guard let value = Digest(hex: try string(name)) else {
      throw FormFault(offset: 0, expected: "\(name), 64 hex digits")
    }
    return value
  }

  /// - Throws: when a field is left that FORMAT.md does not name.
  func end() throws(FormFault) {
    guard let extra = object.keys.first else { return }
    throw FormFault(offset: 0, expected: "no field \(extra)")
  }
}
