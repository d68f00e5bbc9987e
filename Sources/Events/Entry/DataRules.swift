import CanonicalJSON

/// What the format demands of data of any kind: no `/` in keys, and `$` keys only as it defines
/// them.
enum DataRules {
  /// Checks one event's object.
  static func check(_ object: JSONObject) throws(FormFault) {
    for (key, value) in object {
      guard key.utf8.first != UInt8(ascii: "$") else {
        throw FormFault.field(path: key, expected: "inside an event's object, not instead of it")
      }
      try check(value, under: key)
    }
  }

  private static func check(_ value: JSONValue, under key: String) throws(FormFault) {
    guard !key.utf8.contains(UInt8(ascii: "/")) else {
      throw FormFault.field(path: key, expected: "a key without /")
    }
    do { try check(value) } catch { throw error.inside(key) }
  }

  private static func check(_ value: JSONValue) throws(FormFault) {
    switch value {
    case .null, .bool, .integer, .string:
      break
    case .array(let values):
      for (index, value) in values.enumerated() {
        do { try check(value) } catch { throw error.inside("[\(index)]") }
      }
    case .object(let object):
      for (key, inner) in object {
        if key.utf8.first == UInt8(ascii: "$") { return try checkDollar(key, in: value) }
        try check(inner, under: key)
      }
    }
  }

  private static func checkDollar(_ key: String, in value: JSONValue) throws(FormFault) {
    switch key {
    case Sealed.key: _ = try Sealed(json: value)
    case Blob.key: _ = try Blob(json: value)
    case Ref.key: _ = try Ref(json: value)
    default: throw FormFault.field(path: key, expected: "$sealed, $blob or $ref")
    }
  }
}
