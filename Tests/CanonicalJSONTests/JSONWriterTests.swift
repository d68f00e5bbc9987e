import CanonicalJSON
import Testing

/// Writing piece by piece into one buffer.
@Suite struct JSONWriterTests {
  @Test func `pieces become one canonical text`() throws {
    var writer = JSONWriter()
    let digest = Digest(bytes: [UInt8](repeating: 0xAB, count: 32))

    writer.beginObject()
    writer.key("array")
    writer.beginArray()
    writer.null()
    writer.bool(true)
    writer.bool(false)
    try writer.integer(-7)
    try writer.string("a\"é")
    writer.beginObject()
    writer.endObject()
    writer.beginArray()
    writer.endArray()
    writer.endArray()
    writer.key("base64")
    writer.base64([1, 2])
    writer.key("digest")
    writer.hex(digest)
    try writer.key(checking: "stream/x")
    Array("[1]".utf8).withUnsafeBytes { writer.canonical($0) }
    writer.key("value")
    try writer.value(["a": [1]])
    writer.endObject()

    let text = String(decoding: writer.bytes, as: UTF8.self)
    #expect(
      text
        == #"{"array":[null,true,false,-7,"a\"é",{},[]],"base64":"AQI=","digest":"\#(digest.hex)","stream/x":[1],"value":{"a":[1]}}"#
    )
    #expect(try JSONValue(parsing: text).canonicalText() == text)
  }

  @Test func `one buffer serves text after text, with or without a prefix`() throws {
    var writer = JSONWriter(reservingBytes: 16)
    try writer.integer(1)
    #expect(writer.bytes == Array("1".utf8))

    writer.restart(after: "stele/body/v1\0")
    writer.beginObject()
    writer.endObject()
    #expect(writer.bytes == Array("stele/body/v1\0{}".utf8))

    writer.restart()
    try writer.string("x")
    #expect(writer.bytes == Array("\"x\"".utf8))
  }

  @Test func `a prefix that ends like a bracket or a value changes nothing`() throws {
    var writer = JSONWriter()

    for prefix: StaticString in ["{", "[", ":", "1"] {
      writer.restart(after: prefix)
      try writer.integer(2)
      #expect(writer.bytes == Array("\(prefix)2".utf8))
    }
  }

  @Test func `after an error the writer starts again`() throws {
    var writer = JSONWriter()
    writer.beginArray()
    #expect(throws: JSONFormError(.numberRange, at: 1)) { try writer.integer(.max) }
    #expect(throws: JSONFormError(.forbiddenCharacter, at: 3)) { try writer.string("a\u{0}") }

    writer.restart()
    try writer.value(["a": 1])

    #expect(writer.bytes == Array(#"{"a":1}"#.utf8))
  }

  @Test func `offsets of errors count from the text, not from its prefix`() {
    var writer = JSONWriter()
    writer.restart(after: "prefix")
    writer.beginObject()

    #expect(throws: JSONFormError(.keyForm, at: 1)) { try writer.key(checking: "é") }
    writer.key("a")
    #expect(throws: JSONFormError(.numberRange, at: 5)) { try writer.integer(.min) }
    #expect(throws: JSONFormError(.forbiddenCharacter, at: 6)) { try writer.string("\u{FEFF}") }
  }
}
