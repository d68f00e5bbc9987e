import CanonicalJSON

/// Something that has exactly one spelling in the ledger's JSON.
///
/// Law: `try Self(json: value.json) == value`, and any other JSON is refused.
package protocol DataValue: Hashable, Sendable {
  /// - Throws: ``FormFault/field(path:expected:)`` with the path inside `json`.
  init(json: JSONValue) throws(FormFault)
  var json: JSONValue { get }
}

/// A value whose JSON is a string.
package protocol TextValue: DataValue {
  /// What a message asks for: `a UUIDv7`.
  static var expected: String { get }
  init?(dataText: String)
  var dataText: String { get }
}

extension TextValue {
  package init(json: JSONValue) throws(FormFault) {
    guard let text = json.stringValue, let value = Self(dataText: text) else {
      throw FormFault.field(path: "", expected: Self.expected)
    }
    self = value
  }

  package var json: JSONValue { .string(dataText) }
}

/// One of a closed list of words.
package protocol WordValue: TextValue, RawRepresentable, CaseIterable where RawValue == String {}

extension WordValue {
  package static var expected: String {
    allCases.map(\.rawValue).joined(separator: " or ")
  }

  package init?(dataText: String) { self.init(rawValue: dataText) }
  package var dataText: String { rawValue }
}

/// A value whose JSON is an object with fields of ours, each known.
package protocol ObjectValue: DataValue {
  init(fields: inout FieldReader) throws(FormFault)
  func write(to fields: inout FieldWriter)
}

extension ObjectValue {
  package init(json: JSONValue) throws(FormFault) {
    guard case .object(let object) = json else {
      throw FormFault.field(path: "", expected: "an object")
    }
    try self.init(data: object)
  }

  package init(data: JSONObject) throws(FormFault) {
    var fields = FieldReader(data)
    try self.init(fields: &fields)
    try fields.finish()
  }

  package var json: JSONValue { .object(data) }

  package var data: JSONObject {
    var fields = FieldWriter()
    write(to: &fields)
    return fields.object
  }
}
