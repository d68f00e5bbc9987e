import CanonicalJSON
import Events

/// A dictionary in a snapshot: pairs ascending by key, so that equal dictionaries are equal bytes.
struct Keyed<Key: TextValue & Comparable, Value: DataValue>: Hashable, Sendable {
  let values: [Key: Value]

  init(_ values: [Key: Value]) { self.values = values }
}

extension Keyed: DataValue {
  init(json: JSONValue) throws(FormFault) {
    let pairs = try [Pair](json: json)
    values = Dictionary(pairs.map { ($0.key, $0.value) }) { first, _ in first }
  }

  var json: JSONValue {
    values.map { Pair(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }.json
  }

  private struct Pair: ObjectValue {
    let key: Key
    let value: Value

    init(key: Key, value: Value) {
      self.key = key
      self.value = value
    }

    init(fields: inout FieldReader) throws(FormFault) {
      key = try fields.take("key")
      value = try fields.take("value")
    }

    func write(to fields: inout FieldWriter) {
      fields.put("key", key)
      fields.put("value", value)
    }
  }
}

extension FieldReader {
  /// A dictionary that ``FieldWriter/put(_:_:)-(String,[Key:Value])`` wrote.
  mutating func take<Key: TextValue & Comparable, Value: DataValue>(
    _ key: String
  ) throws(FormFault) -> [Key: Value] {
    let keyed: Keyed<Key, Value> = try take(key)
    return keyed.values
  }
}

extension FieldWriter {
  mutating func put<Key: TextValue & Comparable, Value: DataValue>(
    _ key: String, _ values: [Key: Value]
  ) {
    put(key, Keyed(values))
  }
}
