import CanonicalJSON

/// Puts an object together field by field; what is `nil` is absent.
package struct FieldWriter {
  package private(set) var object: JSONObject = [:]

  package init() {}

  package mutating func put<Value: DataValue>(_ key: String, _ value: Value?) {
    if let value { object[key] = value.json }
  }
}
