import CanonicalJSON

/// A value of the format's own inside data: an object with one key, which starts with `$`.
package protocol DollarValue: DataValue {
  static var key: String { get }
  init(content: inout FieldReader) throws(FormFault)
  func write(content: inout FieldWriter)
}

extension DollarValue {
  package init(json: JSONValue) throws(FormFault) {
    guard case .object(let outer) = json, outer.count == 1,
      case .object(let inner)? = outer[Self.key]
    else { throw FormFault.field(path: "", expected: "an object with only \(Self.key)") }
    var content = FieldReader(inner)
    do {
      try self.init(content: &content)
      try content.finish()
    } catch { throw error.inside(Self.key) }
  }

  package var json: JSONValue {
    var content = FieldWriter()
    write(content: &content)
    return .object([Self.key: .object(content.object)])
  }
}
