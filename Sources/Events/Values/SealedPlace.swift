import CanonicalJSON

/// A sealed value and where it stands in an entry's data.
package struct SealedPlace: Hashable, Sendable {
  /// Of the event in `data`, from 0.
  package let index: Int
  /// RFC 6901, from the event's object: `/configuration/variables/0/value`.
  package let pointer: String
  package let sealed: Sealed

  package init(index: Int, pointer: String, sealed: Sealed) {
    self.index = index
    self.pointer = pointer
    self.sealed = sealed
  }

  /// Every sealed value of `data`, events in order, pointers in the order of their objects' keys.
  package static func all(in data: [JSONObject]) -> [SealedPlace] {
    var places: [SealedPlace] = []
    for (index, object) in data.enumerated() {
      collect(.object(object), at: "", of: index, into: &places)
    }
    return places
  }

  private static func collect(
    _ value: JSONValue, at pointer: String, of index: Int, into places: inout [SealedPlace]
  ) {
    switch value {
    case .null, .bool, .integer, .string:
      break
    case .array(let values):
      for (offset, value) in values.enumerated() {
        collect(value, at: "\(pointer)/\(offset)", of: index, into: &places)
      }
    case .object(let object):
      if let sealed = try? Sealed(json: value) {
        places.append(SealedPlace(index: index, pointer: pointer, sealed: sealed))
        return
      }
      for (key, value) in object {
        collect(value, at: "\(pointer)/\(JSONPointer.token(key))", of: index, into: &places)
      }
    }
  }
}

/// RFC 6901: one path into a JSON value.
package enum JSONPointer {
  /// `~` and `/` of a key as `~0` and `~1`.
  package static func token(_ key: String) -> String {
    var token = ""
    for scalar in key.unicodeScalars {
      switch scalar {
      case "~": token += "~0"
      case "/": token += "~1"
      default: token.unicodeScalars.append(scalar)
      }
    }
    return token
  }

  /// What `pointer` names inside `value`; `nil` when nothing is there.
  package static func resolve(_ pointer: String, in value: JSONValue) -> JSONValue? {
    if pointer.isEmpty { return value }
    guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
    var current = value
    for token in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let next = member(String(token), of: current) else { return nil }
      current = next
    }
    return current
  }

  private static func member(_ token: String, of value: JSONValue) -> JSONValue? {
    switch value {
    case .object(let object):
      return object.first { Self.token($0.key) == token }?.value
    case .array(let values):
      let index = token == "0" ? 0 : ASCIIText.positiveNumber(token[...])
      guard let index, index < values.count else { return nil }
      return values[index]
    case .null, .bool, .integer, .string:
      return nil
    }
  }
}
