import CanonicalJSON

/// What a finished verification knows, for a later one to go on from: its work then grows with what
/// is new and not with the ledger.
///
/// Whoever keeps it must keep it where the ledger's writer cannot change it: what it says is not
/// checked again. Of the entries before ``size`` only their tree is held; what later entries say of
/// them is proven to it.
package struct VerifiedState: Sendable {
  /// Entries verified.
  package let size: Int
  /// Of the tree over them.
  package let root: Digest
  /// Complete subtrees, largest first.
  let frontier: [Digest]
  let incarnations: [(position: Int, origin: LedgerOrigin)]
  /// The log's clock at the last entry, microseconds since 1970.
  let recorded: Int64
  let keys: KeyRegister
  let streams: StreamRegister
  let retentions: [AbsentValues.Retention]
  let erasures: [Identifier: Int]

  var origin: LedgerOrigin? { incarnations.last?.origin }

  init(_ rules: LedgerRules) {
    size = rules.tree.size
    root = rules.tree.root
    frontier = rules.tree.frontier
    incarnations = rules.incarnations
    recorded = rules.recorded
    keys = rules.keys
    streams = rules.streams
    retentions = rules.absent.retentions
    erasures = rules.absent.erasures
  }

  /// A tree that goes on where this one ends.
  var tree: TreeFollower {
    guard let tree = TreeFollower(size: size, frontier: frontier) else {
      preconditionFailure("\(frontier.count) subtrees for \(size) entries")
    }
    return tree
  }

  var absent: AbsentValues {
    var absent = AbsentValues()
    for retention in retentions { absent.retain(retention) }
    for (subject, position) in erasures { absent.erase(subject, at: position) }
    return absent
  }
}

extension VerifiedState {
  private static let schema = "stele/verified-state"

  /// Canonical JSON, the same for the same state.
  package func bytes() -> [UInt8] {
    let byKeyid = Array(keys.records.values).sorted { $0.key.keyid < $1.key.keyid }
    let object: JSONObject = [
      "schema": .string(VerifiedState.schema),
      "version": 1,
      "size": .integer(Int64(size)),
      "frontier": .array(frontier.map { .string($0.hex) }),
      "incarnations": .array(incarnations.map { VerifiedState.json($0.position, $0.origin) }),
      "recorded": .integer(recorded),
      "recoveryThreshold": .integer(Int64(keys.recoveryThreshold)),
      "keys": .array(byKeyid.map { VerifiedState.json($0) }),
      "streams": .array(
        streams.streams.sorted { $0.key < $1.key }.map { VerifiedState.json($0.key, $0.value) }),
      "retentions": .array(retentions.map { VerifiedState.json($0) }),
      "erasures": .array(
        erasures.sorted { $0.value < $1.value }.map { VerifiedState.json($0.key, $0.value) }),
    ]
    do { return try JSONValue.object(object).canonicalBytes() } catch {
      preconditionFailure("a state that is no canonical JSON: \(error)")
    }
  }

  private static func json(_ position: Int, _ origin: LedgerOrigin) -> JSONValue {
    .object(["at": .integer(Int64(position)), "origin": .string(origin.description)])
  }

  private static func json(_ subject: Identifier, _ position: Int) -> JSONValue {
    .object(["at": .integer(Int64(position)), "subject": .string(subject.description)])
  }

  private static func json(_ record: KeyRecord) -> JSONValue {
    var object: JSONObject = [
      "key": .string(Hex.encode(record.key.raw)), "owner": .string(record.owner.description),
      "role": .string(record.role.rawValue), "registered": .integer(Int64(record.registered)),
    ]
    object["revoked"] = record.revoked.map { .integer(Int64($0)) }
    object["suspectFrom"] = record.suspectFrom.map { .integer(Int64($0)) }
    return .object(object)
  }

  private static func json(_ stream: String, _ state: StreamState) -> JSONValue {
    var object: JSONObject = ["stream": .string(stream), "at": .integer(Int64(state.version))]
    object["application"] = state.application.map { .string($0) }
    object["environment"] = state.environment.map { .string($0) }
    return .object(object)
  }

  private static func json(_ retention: AbsentValues.Retention) -> JSONValue {
    .object([
      "class": .string(retention.retention.rawValue),
      "first": .integer(Int64(retention.positions.lowerBound)),
      "last": .integer(Int64(retention.positions.upperBound)),
    ])
  }
}

extension VerifiedState {
  /// Reads what ``bytes()`` wrote.
  ///
  /// - Throws: ``FormFault`` when it is anything else; verify from the beginning then.
  package init(parsing bytes: [UInt8]) throws(FormFault) {
    let json: JSONValue
    do throws(JSONFormError) { json = try JSONValue(parsing: bytes) } catch {
      throw FormFault(offset: error.offset, expected: "a verified state")
    }
    var fields = DataFields(json)
    guard try fields.string("schema") == VerifiedState.schema, try fields.integer("version") == 1
    else { throw FormFault(offset: 0, expected: "\(VerifiedState.schema), version 1") }
    size = try fields.integer("size")
    frontier = try fields.array("frontier").map { value throws(FormFault) in
      guard let digest = value.stringValue.flatMap({ Digest(hex: $0) }) else {
        throw FormFault(offset: 0, expected: "64 hex digits")
      }
      return digest
    }
    guard let tree = TreeFollower(size: size, frontier: frontier) else {
      throw FormFault(offset: 0, expected: "as many subtrees as size has bits")
    }
    root = tree.root
    recorded = Int64(try fields.integer("recorded"))
    incarnations = try fields.array("incarnations").map(VerifiedState.incarnation)
    keys = try VerifiedState.keys(&fields)
    var streams = StreamRegister()
    for value in try fields.array("streams") { try VerifiedState.restore(value, to: &streams) }
    self.streams = streams
    retentions = try fields.array("retentions").map(VerifiedState.retention)
    var erasures: [Identifier: Int] = [:]
    for value in try fields.array("erasures") {
      var erasure = DataFields(value)
      erasures[try erasure.identifier("subject")] = try erasure.integer("at")
    }
    self.erasures = erasures
    try fields.end()
  }

  private static func incarnation(
    _ value: JSONValue
  ) throws(FormFault) -> (position: Int, origin: LedgerOrigin) {
    var fields = DataFields(value)
    guard let origin = LedgerOrigin(parsing: try fields.string("origin")) else {
      throw FormFault(offset: 0, expected: "an origin")
    }
    return (try fields.integer("at"), origin)
  }

  private static func keys(_ fields: inout DataFields) throws(FormFault) -> KeyRegister {
    var register = KeyRegister()
    register.recoveryThreshold = try fields.integer("recoveryThreshold")
    for value in try fields.array("keys") {
      var fields = DataFields(value)
      guard let raw = Hex.decode(try fields.string("key")), let key = VerificationKey(raw: raw),
        let role = SigningRole(rawValue: try fields.string("role"))
      else { throw FormFault(offset: 0, expected: "a key and its role") }
      register.restore(
        KeyRecord(
          key: key, owner: try fields.identifier("owner"), role: role,
          registered: try fields.integer("registered"),
          revoked: try fields.optionalInteger("revoked"),
          suspectFrom: try fields.optionalInteger("suspectFrom")))
    }
    return register
  }

  private static func restore(
    _ value: JSONValue, to streams: inout StreamRegister
  ) throws(FormFault) {
    var fields = DataFields(value)
    let state = StreamState(
      version: try fields.integer("at"),
      application: try fields.has("application") ? fields.string("application") : nil,
      environment: try fields.has("environment") ? fields.string("environment") : nil)
    streams.restore(try fields.string("stream"), state)
  }

  private static func retention(_ value: JSONValue) throws(FormFault) -> AbsentValues.Retention {
    var fields = DataFields(value)
    let (first, last) = (try fields.integer("first"), try fields.integer("last"))
    guard let retention = RetentionClass(rawValue: try fields.string("class")), first <= last else {
      throw FormFault(offset: 0, expected: "a class and its range")
    }
    return AbsentValues.Retention(retention: retention, positions: first...last)
  }
}

extension DataFields {
  mutating func array(_ name: String) throws(FormFault) -> [JSONValue] {
    guard let value = take(name)?.arrayValue else {
      throw FormFault(offset: 0, expected: "\(name), an array")
    }
    return value
  }

  mutating func identifier(_ name: String) throws(FormFault) -> Identifier {
    guard let value = Identifier(parsing: try string(name)) else {
      throw FormFault(offset: 0, expected: "\(name), a UUIDv7")
    }
    return value
  }

  mutating func optionalInteger(_ name: String) throws(FormFault) -> Int? {
    has(name) ? try integer(name) : nil
  }
}
