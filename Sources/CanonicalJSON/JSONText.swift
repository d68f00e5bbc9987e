/// The bytes between a string's quotes, as they stand in the text; a view, not a copy.
///
/// Valid only while the cursor's buffer is.
package struct JSONText {
  /// Escapes included.
  package let bytes: UnsafeRawBufferPointer
  package let hasEscapes: Bool

  /// The characters, escapes resolved.
  package var string: String {
    hasEscapes ? unescaped : String(decoding: bytes, as: UTF8.self)
  }

  /// Whether these are exactly the characters of `text`, which must need no escape.
  package static func == (text: JSONText, other: StaticString) -> Bool {
    guard text.bytes.count == other.utf8CodeUnitCount else { return false }
    for (index, byte) in text.bytes.enumerated() where other.utf8Start[index] != byte {
      return false
    }
    return true
  }

  /// So that `switch key { case "actor": … }` compares bytes and makes no `String`.
  package static func ~= (pattern: StaticString, text: JSONText) -> Bool { text == pattern }

  private var unescaped: String {
    var characters: [UInt8] = []
    characters.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      guard bytes[index] == ASCII.backslash else {
        characters.append(bytes[index])
        index += 1
        continue
      }
      let isNumeric = bytes[index + 1] == UInt8(ascii: "u")
      characters.append(JSONEscape.character(of: bytes, at: index))
      index += isNumeric ? 6 : 2
    }
    return String(decoding: characters, as: UTF8.self)
  }
}
