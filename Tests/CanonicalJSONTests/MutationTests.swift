import CanonicalJSON
import Testing

/// Every single-byte change of valid texts: read or refused inside the text, never a crash, and
/// what is accepted is canonical.
@Suite struct MutationTests {
  static let texts =
    (GoldenJSON.shared?.accepted ?? []) + [
      #"{"$ref":{"leaf":"ab"},"at":"2027-01-01T00:00:00.000000Z","list":[-12,{"é":true}]}"#
        .replacing("é", with: "e"),
      #"["\u0001\b\"\\","żółw 🐢 plain text that is longer than a word",null,false]"#,
    ]

  @Test(arguments: texts)
  func `every changed byte is refused, or gives a text that is written the same`(text: String)
    throws
  {
    let bytes = Array(text.utf8)

    for index in bytes.indices {
      for byte: UInt8 in 0...255 where byte != bytes[index] {
        var changed = bytes
        changed[index] = byte
        try check(changed)
      }
    }
  }

  @Test(arguments: texts)
  func `every beginning of a text is refused at its end`(text: String) {
    let bytes = Array(text.utf8)

    for count in bytes.indices where !isNumber(bytes.prefix(count)) {
      #expect(throws: JSONFormError(.endOfText, at: count)) {
        try JSONValue(parsing: bytes.prefix(count))
      }
    }
  }

  @Test(arguments: texts)
  func `every inserted or missing byte is refused, or gives another text`(text: String) throws {
    let bytes = Array(text.utf8)

    for index in bytes.indices {
      var shorter = bytes
      shorter.remove(at: index)
      try check(shorter)
      for byte in Array(" \n\t,:\"\\0{}[]".utf8) + [0, 0x80, 0xEF, 0xFF] {
        var longer = bytes
        longer.insert(byte, at: index)
        try check(longer)
      }
    }
  }

  private func check(_ bytes: [UInt8]) throws {
    let value: JSONValue
    do { value = try JSONValue(parsing: bytes) } catch {
      #expect((0...bytes.count).contains(error.offset))
      return
    }
    #expect(try value.canonicalBytes() == bytes)
  }

  /// A number cut short is a number.
  private func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard let last = bytes.last, bytes.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) })
    else { return false }
    return last != 0x2D
  }
}
