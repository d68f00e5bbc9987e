import CanonicalJSON
import Testing

/// Both sides of every bound, reading and writing.
@Suite struct LimitTests {
  static func nested(_ depth: Int) -> JSONValue {
    (0..<depth).reduce(JSONValue.null) { inner, level in
      level.isMultiple(of: 2) ? [inner] : ["k": inner]
    }
  }

  @Test func `sixteen brackets are open at most`() throws {
    let text = try Self.nested(16).canonicalText()

    #expect(try JSONValue(parsing: text) == Self.nested(16))
    #expect(throws: JSONFormError(.depth, at: 48)) { try Self.nested(17).canonicalBytes() }
    #expect(throws: JSONFormError(.depth, at: 48)) { try Self.nested(18).canonicalBytes() }
    #expect(throws: JSONFormError(.depth, at: text.utf8.count - 20)) {
      try JSONValue(parsing: text.replacing("null", with: "[null]"))
    }
    #expect(throws: JSONFormError(.depth, at: text.utf8.count - 20)) {
      try JSONValue(parsing: text.replacing("null", with: "{}"))
    }
  }

  @Test func `siblings do not count as depth`() throws {
    let value = JSONValue.array(Array(repeating: Self.nested(15), count: 40))

    #expect(try JSONValue(parsing: value.canonicalBytes()) == value)
  }

  @Test(arguments: [1, 2, 159, 160])
  func `a key of up to 160 bytes is read and written`(count: Int) throws {
    let key = String(repeating: "k", count: count)

    #expect(try JSONValue(parsing: "{\"\(key)\":1}") == .object([key: 1]))
    #expect(try JSONValue.object([key: 1]).canonicalText() == "{\"\(key)\":1}")
  }

  @Test(arguments: [
    "", "$", "$$a", "a$", "a b", "é", "a\"b", "a\\b", "a:b", "a\u{0}", "[", "@", "`", "{",
    String(repeating: "k", count: 161), "$" + String(repeating: "k", count: 160),
  ])
  func `a key of another form is refused`(key: String) throws {
    #expect(!JSONKey.isValid(key))
    #expect(throws: JSONFormError(.keyForm, at: 4)) {
      try JSONValue.array([1, .object([key: 2])]).canonicalBytes()
    }
    if !key.contains("\"") {
      #expect(throws: JSONFormError(.keyForm, at: 1)) { try JSONValue(parsing: "{\"\(key)\":1}") }
    }
  }

  @Test func `a dollar starts a key, and counts as one of its bytes`() throws {
    let key = "$" + String(repeating: "k", count: 159)

    #expect(JSONKey.isValid(key))
    #expect(try JSONValue(parsing: "{\"\(key)\":1}") == .object([key: 1]))
  }

  @Test(arguments: [9_007_199_254_740_991, 9_007_199_254_740_990, 999_999_999_999_999, 10, 9, 1, 0])
  func `an integer within 2^53-1 is read and written`(integer: Int64) throws {
    for value in Set([integer, -integer]) {
      #expect(try JSONValue(parsing: "\(value)") == .integer(value))
      #expect(try JSONValue.integer(value).canonicalText() == "\(value)")
    }
  }

  @Test(arguments: [
    9_007_199_254_740_992, 10_000_000_000_000_000, .max, .min, -9_007_199_254_740_992,
  ])
  func `an integer beyond 2^53-1 is refused`(value: Int64) {
    #expect(throws: JSONFormError(.numberRange, at: 1)) { try JSONValue(parsing: "[\(value)]") }
    #expect(throws: JSONFormError(.numberRange, at: 1)) {
      try JSONValue.array([.integer(value)]).canonicalBytes()
    }
  }

  @Test func `digits without end are out of range, not overflow`() {
    let digits = String(repeating: "9", count: 5000)

    #expect(throws: JSONFormError(.numberRange, at: 0)) { try JSONValue(parsing: digits) }
    #expect(throws: JSONFormError(.numberRange, at: 0)) {
      // Sixteen digits again after a wrap of 2^64.
      try JSONValue(parsing: "18446744073709551617")
    }
  }

  @Test(arguments: ["\u{0}", "\u{FEFF}", "plain text of more than a word\u{FEFF}"])
  func `a forbidden character is refused where it would stand`(text: String) {
    let offset = 4 + text.unicodeScalars.dropLast().count

    #expect(throws: JSONFormError(.forbiddenCharacter, at: offset)) {
      try JSONValue.array([1, .string(text)]).canonicalBytes()
    }
  }
}
