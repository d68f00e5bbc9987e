import CanonicalJSON
import Testing

/// Pulling pieces out of a text without copying it.
@Suite struct JSONCursorTests {
  static let text = #"{"at":"2027","gone":null,"is":true,"list":[1,-2,[]],"on":false,"q":"a\"b"}"#

  @Test func `fields are read in turn, and the rest is skipped`() throws {
    var found: [String] = []

    try read(Self.text) { cursor in
      try cursor.beginObject()
      while let key = try cursor.nextKey() {
        switch key {
        case "at": found.append(try cursor.readString().string)
        case "gone": try cursor.readNull()
        case "is": found.append("\(try cursor.readBool())")
        case "list": found.append("\(try integers(&cursor))")
        case "q": found.append(try cursor.readString().string)
        default: try cursor.skipValue()
        }
      }
      try cursor.finish()
    }

    #expect(found == ["2027", "true", "[1, -2]", "a\"b"])
  }

  @Test func `the kind of the next value is seen without passing it`() throws {
    let kinds: [(String, JSONCursor.Kind)] = [
      ("{}", .object), ("[]", .array), ("\"\"", .string), ("-1", .integer), ("0", .integer),
      ("true", .bool), ("false", .bool), ("null", .null),
    ]

    for (text, kind) in kinds {
      try read(text) { cursor in
        #expect(try cursor.nextKind() == kind)
        #expect(cursor.offset == 0)
        try cursor.skipValue()
        try cursor.finish()
      }
    }
  }

  @Test func `a skipped value's bytes are its canonical form`() throws {
    try read(Self.text) { cursor in
      try cursor.beginObject()
      #expect(cursor.depth == 1)
      while let key = try cursor.nextKey() {
        let bytes = try cursor.skipValue()
        if key == "list" { #expect(String(decoding: bytes, as: UTF8.self) == "[1,-2,[]]") }
      }
      #expect(cursor.depth == 0)
    }
  }

  @Test func `a value can be read whole from the middle`() throws {
    try read(Self.text) { cursor in
      try cursor.beginObject()
      while let key = try cursor.nextKey() {
        if key == "list" {
          #expect(try cursor.readValue() == [1, -2, []])
        } else {
          try cursor.skipValue()
        }
      }
    }
    try read(#"{"a":{"b":1}}"#) { cursor in
      let object = try cursor.readObject()
      #expect(object == ["a": ["b": 1]])
    }
  }

  @Test func `asking for another kind than stands there is an unexpected byte`() {
    let asks: [(inout JSONCursor) throws -> Void] = [
      { try $0.beginObject() }, { try $0.beginArray() }, { _ = try $0.readString() },
      { _ = try $0.readInteger() }, { _ = try $0.readBool() }, { try $0.readNull() },
      { _ = try $0.readObject() },
    ]

    for ask in asks {
      #expect(throws: JSONFormError(.unexpectedByte, at: 0)) { try read("?", ask) }
      #expect(throws: JSONFormError(.endOfText, at: 0)) { try read("", ask) }
    }
  }

  @Test func `keys are compared by bytes, and nothing shorter or longer matches`() throws {
    try read(#"{"key":1}"#) { cursor in
      try cursor.beginObject()
      let key = try #require(try cursor.nextKey())
      #expect(key == "key")
      #expect(!(key == "kex"))
      #expect(!(key == "ke"))
      #expect(!(key == "keys"))
      #expect(!key.hasEscapes)
      #expect(key.bytes.count == 3)
    }
  }

  @Test func `every escape is resolved`() throws {
    try read(#""\u0001\b\t\n\u000b\f\r\u001f\"\\ plain""#) { cursor in
      let text = try cursor.readString()
      #expect(text.hasEscapes)
      #expect(text.string == "\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}\"\\ plain")
    }
  }

  @Test func `a string is found to end at every distance from a word's border`() throws {
    for count in 0..<40 {
      let plain = String(repeating: "x", count: count)
      for special in ["", "\"", "\\", "\n", "\u{7F}", "ż", "🐢"] {
        let value = JSONValue.string(plain + special + plain)
        #expect(try JSONValue(parsing: value.canonicalBytes()) == value)
      }
    }
  }

  private func read(_ text: String, _ body: (inout JSONCursor) throws -> Void) throws {
    try Array(text.utf8).withUnsafeBytes { bytes in
      var cursor = JSONCursor(bytes)
      try body(&cursor)
    }
  }

  /// The integers of an array, other elements skipped.
  private func integers(_ cursor: inout JSONCursor) throws -> [Int64] {
    var found: [Int64] = []
    try cursor.beginArray()
    while try cursor.nextElement() {
      if try cursor.nextKind() == .integer {
        found.append(try cursor.readInteger())
      } else {
        try cursor.skipValue()
      }
    }
    return found
  }
}
