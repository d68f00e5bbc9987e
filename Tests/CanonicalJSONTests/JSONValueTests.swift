import CanonicalJSON
import Testing

/// Values in memory: equal by bytes, ordered by bytes, absent unlike null.
@Suite struct JSONValueTests {
  let composed: JSONValue = "\u{E9}"
  let decomposed: JSONValue = "e\u{301}"

  @Test func `two spellings of one character are two values`() throws {
    #expect("\u{E9}" == "e\u{301}")
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed, composed]).count == 2)
    #expect(try JSONValue(parsing: "\"e\u{301}\"") == decomposed)
    #expect(JSONValue.array([composed]) != .array([decomposed]))
    #expect(JSONValue.object(["a": composed]) != .object(["a": decomposed]))
  }

  @Test func `two spellings of one key are two keys`() {
    var object: JSONObject = ["\u{E9}": 1, "e\u{301}": 2]

    #expect(object.count == 2)
    #expect(object["\u{E9}"] == 1)
    object["e\u{301}"] = nil
    #expect(object == ["\u{E9}": 1])
    #expect(object["e\u{301}"] == nil)
  }

  @Test func `each kind is itself and no other`() {
    let values: [JSONValue] = [nil, true, false, 0, 1, "", "0", [], [nil], [:], ["a": nil]]

    for (left, one) in values.enumerated() {
      for (right, other) in values.enumerated() {
        #expect((one == other) == (left == right))
      }
    }
    #expect(Set(values + values).count == values.count)
  }

  @Test func `each kind answers for itself only`() {
    let values: [JSONValue] = [nil, true, 7, "x", [1], ["a": 1]]

    #expect(values.map(\.isNull) == [true, false, false, false, false, false])
    #expect(values.map(\.boolValue) == [nil, true, nil, nil, nil, nil])
    #expect(values.map(\.integerValue) == [nil, nil, 7, nil, nil, nil])
    #expect(values.map(\.stringValue) == [nil, nil, nil, "x", nil, nil])
    #expect(values.map(\.arrayValue) == [nil, nil, nil, nil, [1], nil])
    #expect(values.map(\.objectValue) == [nil, nil, nil, nil, nil, ["a": 1]])
  }

  @Test func `an object is ordered by its keys' bytes`() {
    let object: JSONObject = ["b": 1, "B": 2, "_": 3, "a/": 4, "a": 5, "$x": 6, "0": 7, "aa": 8]

    #expect(object.keys == ["$x", "0", "B", "_", "a", "a/", "aa", "b"])
    #expect(object.map(\.key) == object.keys)
    #expect(object.map(\.value) == [6, 7, 2, 3, 5, 4, 8, 1])
  }

  @Test func `members are set, replaced and removed`() {
    var object = JSONObject()

    #expect(object.isEmpty)
    object["b"] = 1
    object["a"] = nil
    object["a"] = .null
    object["c"] = "x"
    object["b"] = 2
    object["c"] = nil

    #expect(object == ["a": nil, "b": 2])
    #expect(object["a"] == .some(.null))
    #expect(object["c"] == nil)
    #expect(object.count == 2)
    #expect(object.hashValue == JSONObject([("b", 2), ("a", .null)]).hashValue)
  }

  @Test func `a value is described by its text, or by why it has none`() {
    #expect("\(JSONValue.object(["a": [1, true]]))" == #"{"a":[1,true]}"#)
    #expect("\(JSONValue.integer(.max))".contains("numberRange"))
  }

  @Test func `every way to read one text gives one value`() throws {
    let text = #"{"a":[1,"é"]}"#
    let value: JSONValue = ["a": [1, "é"]]

    #expect(try JSONValue(parsing: text) == value)
    #expect(try JSONValue(parsing: Array(text.utf8)) == value)
    #expect(try JSONValue(parsing: Array(text.utf8)[...]) == value)
    #expect(try Array(text.utf8).withUnsafeBytes { try JSONValue(parsing: $0) } == value)
    #expect(try value.objectValue?.canonicalBytes() == Array(text.utf8))
  }
}
