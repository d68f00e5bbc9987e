import CanonicalJSON

/// Takes an object apart field by field; a field that nobody asked for makes ``finish()`` throw.
package struct FieldReader {
  private let object: JSONObject
  private var known: [String] = []
  /// How many of ``known`` were there.
  private var taken = 0

  package init(_ object: JSONObject) {
    self.object = object
    known.reserveCapacity(object.count)
  }

  /// The field `key`, or `nil` when it is absent.
  package mutating func takeOptional<Value: DataValue>(
    _ key: String
  ) throws(FormFault) -> Value? {
    known.append(key)
    guard let json = object[key] else { return nil }
    taken += 1
    do { return try Value(json: json) } catch { throw error.inside(key) }
  }

  /// The field `key`, which must be there.
  package mutating func take<Value: DataValue>(_ key: String) throws(FormFault) -> Value {
    guard let value: Value = try takeOptional(key) else {
      throw FormFault.field(path: key, expected: "present")
    }
    return value
  }

  /// The integer `key` within `range`, which must be there.
  package mutating func take(
    _ key: String, in range: ClosedRange<Int>
  ) throws(FormFault) -> Int {
    guard let value = try takeOptional(key, in: range) else {
      throw FormFault.field(path: key, expected: "present")
    }
    return value
  }

  /// The integer `key` within `range`, or `nil` when it is absent.
  package mutating func takeOptional(
    _ key: String, in range: ClosedRange<Int>
  ) throws(FormFault) -> Int? {
    guard let value: Int = try takeOptional(key) else { return nil }
    guard range.contains(value) else {
      throw FormFault.field(
        path: key, expected: "an integer from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// Refuses what is left.
  package func finish() throws(FormFault) {
    if taken == object.count { return }
    for (key, _) in object where !known.contains(key) {
      throw FormFault.field(path: key, expected: "absent")
    }
  }
}

/// Ranges of integers that a field may have.
package enum FieldRange {
  /// Counts, durations and sizes: 0 to 2^53 − 1.
  package static let fromZero = 0...Limits.integerMagnitude
  /// Versions, release numbers and steps: 1 to 2^53 − 1.
  package static let fromOne = 1...Limits.integerMagnitude
}
