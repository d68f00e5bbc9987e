import CanonicalJSON

/// Where and how a text departs from its form.
package enum FormFault: Error, Hashable, Sendable {
  /// No canonical JSON; the offset is in bytes.
  case json(JSONFormError)
  /// The value at `path` is not what was expected; the empty path is the whole.
  case field(path: String, expected: String)

  /// Reads canonical JSON, or says at which byte it is none.
  static func reading(_ bytes: [UInt8]) throws(FormFault) -> JSONValue {
    do { return try JSONValue(parsing: bytes) } catch { throw .json(error) }
  }

  /// The same fault, seen from the object or array that holds it at `key`.
  func inside(_ key: String) -> FormFault {
    guard case .field(let path, let expected) = self else { return self }
    let joint = path.isEmpty || path.hasPrefix("[") ? "" : "."
    return .field(path: key + joint + path, expected: expected)
  }
}

extension FormFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .json(let error): "\(error.reason.rawValue) at byte \(error.offset)"
    case .field(let path, let expected): "\(path.isEmpty ? "it" : path) must be \(expected)"
    }
  }
}
