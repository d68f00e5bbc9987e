import CanonicalJSON
import Events

/// A value as its canonical text, inside a snapshot.
///
/// Payloads may hold objects as deep as the ledger's JSON allows; as a text they need no depth of
/// their own.
struct Packed<Value: DataValue>: Hashable, Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}

extension Packed: TextValue {
  static var expected: String { "canonical text of \(Value.self)" }

  init?(dataText: String) {
    guard let json = try? JSONValue(parsing: dataText), let value = try? Value(json: json) else {
      return nil
    }
    self.value = value
  }

  var dataText: String { value.json.description }
}
