import CanonicalJSON

extension Int: DataValue {
  package init(json: JSONValue) throws(FormFault) {
    guard let integer = json.integerValue else {
      throw FormFault.field(path: "", expected: "an integer")
    }
    self = Int(integer)
  }

  package var json: JSONValue { .integer(Int64(self)) }
}

extension Bool: DataValue {
  package init(json: JSONValue) throws(FormFault) {
    guard let bool = json.boolValue else {
      throw FormFault.field(path: "", expected: "true or false")
    }
    self = bool
  }

  package var json: JSONValue { .bool(self) }
}

extension JSONValue: DataValue {
  package init(json: JSONValue) throws(FormFault) { self = json }
  package var json: JSONValue { self }
}

extension JSONObject: DataValue {
  package init(json: JSONValue) throws(FormFault) {
    guard case .object(let object) = json else {
      throw FormFault.field(path: "", expected: "an object")
    }
    self = object
  }

  package var json: JSONValue { .object(self) }
}

extension Array: DataValue where Element: DataValue {
  package init(json: JSONValue) throws(FormFault) {
    guard let values = json.arrayValue else {
      throw FormFault.field(path: "", expected: "an array")
    }
    self = []
    reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      do { append(try Element(json: value)) } catch { throw error.inside("[\(index)]") }
    }
  }

  package var json: JSONValue { .array(map(\.json)) }
}

/// Integers by names of ours, such as the limits of a rollout.
extension Dictionary: DataValue where Key == String, Value == Int {
  package init(json: JSONValue) throws(FormFault) {
    let object = try JSONObject(json: json)
    self = [:]
    for (key, value) in object {
      do { self[key] = try Int(json: value) } catch { throw error.inside(key) }
    }
  }

  package var json: JSONValue {
    var object: JSONObject = [:]
    for (key, value) in self { object[key] = value.json }
    return .object(object)
  }
}
