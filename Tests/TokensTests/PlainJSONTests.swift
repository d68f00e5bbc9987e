import Testing

@testable import Tokens

/// Objects as others write them.
@Suite struct PlainJSONTests {
  private func members(_ text: String) -> [String: PlainJSON]? {
    PlainJSON.members(Array(text.utf8))
  }

  @Test func `blanks and any order are read`() {
    #expect(
      members("{\"b\" : 1,\r\n \"a\": [true, null, {\"c\": \"x:y\"}], \"d\": 1.5}")
        == [
          "a": .array([.bool(true), .null, .object(["c": .string("x:y")])]), "b": .integer(1),
          "d": .number,
        ])
  }

  @Test(arguments: [
    #"{"sub":"a","sub":"b"}"#, #"{"sub":"a","\u0073ub":"b"}"#, #"{"a":{"b":1,"b":1}}"#,
    #"{"a":[{"b":1,"b":2}]}"#, #"{"a":"\"","a":1}"#,
  ])
  func `a member that stands twice is refused`(text: String) {
    #expect(members(text) == nil)
  }

  @Test(arguments: [
    "", "[]", "1", "{", "{}x", #"{"a":1,}"#, #"{"a":[1 , ]}"#, " {}", "\u{FEFF}{}", "{\u{0}}",
    #"{"a":"\#u{1}"}"#,
    #"{"a":01}"#, #"{a:1}"#, #"{"a":'b'}"#, #"{"a":NaN}"#, "{} {}",
  ])
  func `what is no object is refused`(text: String) {
    #expect(members(text) == nil)
  }

  @Test func `bytes that are no UTF-8 are refused, and UTF-16 is`() {
    #expect(PlainJSON.members([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]) == nil)
    #expect(PlainJSON.members([0x7B, 0x00, 0x7D, 0x00]) == nil)
  }

  @Test func `a value is compared as it is written`() {
    #expect(PlainJSON.integer(17).scalar == "17")
    #expect(PlainJSON.bool(true).scalar == "true")
    #expect(PlainJSON.string("17").scalar == "17")
    #expect(PlainJSON.number.scalar == nil)
    #expect(PlainJSON.null.scalar == nil)
  }

  @Test(arguments: ["A", "AA=", "AA==", "A+", "A/", "AB", "A A", "AAA\n"])
  func `another spelling of base64url is refused`(text: String) {
    #expect(Base64URL.decode(text.utf8) == nil)
  }

  @Test func `its one spelling is read`() {
    #expect(Base64URL.decode("".utf8) == [])
    #expect(Base64URL.decode("_-A".utf8) == [0xFF, 0xE0])
    #expect(Base64URL.decode("AA".utf8) == [0])
  }
}
