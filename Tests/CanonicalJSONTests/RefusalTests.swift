import CanonicalJSON
import Testing

/// Departures that the golden file does not hold, each with its reason and offset.
@Suite struct RefusalTests {
  @Test(arguments: [
    ("-", JSONFormError.Reason.endOfText, 1), ("-x", .numberForm, 0), ("--1", .numberForm, 0),
    ("00", .numberForm, 0), ("-01", .numberForm, 0), ("1.", .numberForm, 0),
    ("1E5", .numberForm, 0), ("[12,1e5]", .numberForm, 4), ("1x", .trailingBytes, 1),
    ("99999999999999999.5", .numberForm, 0), (".5", .unexpectedByte, 0),
    ("[", .endOfText, 1), ("[1", .endOfText, 2), ("[1,", .endOfText, 3),
    ("{", .endOfText, 1), ("{\"a", .endOfText, 3), ("{\"a\"", .endOfText, 4),
    ("{\"a\":", .endOfText, 5), ("{\"a\":1", .endOfText, 6), ("{\"a\":1,", .endOfText, 7),
    ("[,1]", .unexpectedByte, 1), ("[1,,2]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 2),
    ("[1;2]", .unexpectedByte, 2), ("{,}", .unexpectedByte, 1), ("{\"a\"1}", .unexpectedByte, 4),
    ("{\"a\":1 }", .unexpectedByte, 6), ("{\"a\":}", .unexpectedByte, 5),
    ("{\"a\":1,\"b\"}", .unexpectedByte, 10), ("{]", .unexpectedByte, 1),
    ("[}", .unexpectedByte, 1), ("[1}", .unexpectedByte, 2), ("]", .unexpectedByte, 0),
    ("nulL", .unexpectedByte, 3), ("falze", .unexpectedByte, 3), ("tru", .endOfText, 3),
    ("truee", .trailingBytes, 4), ("{}{}", .trailingBytes, 2), ("1,", .trailingBytes, 1),
    ("{\"aa\":1,\"a\":2}", .keyOrder, 8), ("{\"a\":1,\"aa\":2,\"a\":3}", .keyOrder, 14),
    ("{\"b\":{\"z\":1},\"a\":2}", .keyOrder, 13), ("{\"a\":{\"b\":1,\"b\":2}}", .keyRepeated, 12),
    ("{\"a\":[{\"x\":1},{\"x\":1}],\"a\":2}", .keyRepeated, 23),
    ("{\"a\":1,\"$a\":2}", .keyOrder, 7), ("{\"a\":1,\"B\":2}", .keyOrder, 7),
    ("\"\\", .endOfText, 2), ("\"\\u", .endOfText, 3), ("\"\\u000", .endOfText, 6),
    ("\"\\u00g0\"", .escape, 1), ("\"\\u0008\"", .escape, 1), ("\"\\u0022\"", .escape, 1),
    ("\"\\u0020\"", .escape, 1), ("\"\\uFEFF\"", .escape, 1), ("\"\\ufeff\"", .escape, 1),
    ("\"\\u0100\"", .escape, 1), ("\"\\U0001\"", .escape, 1), ("\"\\a\"", .escape, 1),
    ("\"12345678\\v\"", .escape, 9), ("\"123456789\u{1F}\"", .controlCharacter, 10),
    ("\"a\tb\"", .controlCharacter, 2), ("\"a\nb\"", .controlCharacter, 2),
    ("\"ab\u{FEFF}\"", .forbiddenCharacter, 3), ("[\"a\",\"b", .endOfText, 7),
    ("\u{2028}1", .unexpectedByte, 0), ("[\u{A0}]", .unexpectedByte, 1),
    ("// 1", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0),
  ])
  func `a departure is refused`(text: String, reason: JSONFormError.Reason, offset: Int) {
    #expect(throws: JSONFormError(reason, at: offset)) { try JSONValue(parsing: text) }
  }

  @Test(arguments: [
    // A lone continuation, overlong forms, surrogates, beyond U+10FFFF, bytes that never occur.
    "80", "bf", "c0af", "c1bf", "e08080", "e09fbf", "eda080", "edbfbf", "f0808080", "f08fbfbf",
    "f4908080", "f5808080", "fe", "ff", "c220", "e28220", "e2e282", "f09f9822", "f0289f98",
  ])
  func `bytes that encode no scalar are refused at the first of them`(hex: String) throws {
    let sequence = try #require(Hex.decode(hex))

    #expect(throws: JSONFormError(.utf8, at: 3)) {
      try JSONValue(parsing: Array("\"ab".utf8) + sequence + Array("\"".utf8))
    }
  }

  @Test(arguments: ["c2", "e2", "e282", "f0", "f09f", "f09f98"])
  func `a sequence that the end cuts short is a text that ends too soon`(hex: String) throws {
    let sequence = try #require(Hex.decode(hex))

    #expect(throws: JSONFormError(.endOfText, at: 1 + sequence.count)) {
      try JSONValue(parsing: [0x22] + sequence)
    }
  }

  @Test(arguments: [
    "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbe", "efbbbe", "f0908080", "f48fbfbf",
  ])
  func `the scalars at both ends of each length are read and written`(hex: String) throws {
    let text = [0x22] + (try #require(Hex.decode(hex))) + [0x22]

    #expect(try JSONValue(parsing: text).canonicalBytes() == text)
  }

  @Test(arguments: JSONFormError.Reason.allCases)
  func `an error says reason and byte`(reason: JSONFormError.Reason) {
    let words = "\(JSONFormError(reason, at: 42))"

    #expect(words.contains("at byte 42"))
    #expect(words.contains("(\(reason.rawValue))"))
  }
}
