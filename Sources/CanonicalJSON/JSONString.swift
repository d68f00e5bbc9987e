/// What stands between a string's quotes.
enum JSONString {
  /// Checks the characters from `start`, after the opening quote, and finds the closing one.
  ///
  /// - Throws: `endOfText`, `escape`, `forbiddenCharacter`, `controlCharacter`, `utf8`.
  @inline(__always)
  static func scan(
    _ bytes: UnsafeRawBufferPointer, from start: Int
  ) throws(JSONFormError) -> (hasEscapes: Bool, end: Int) {
    var hasEscapes = false
    var end = start
    while true {
      end = ASCII.endOfPlainRun(in: bytes, from: end)
      guard end < bytes.count else { throw JSONFormError(.endOfText, at: end) }
      switch bytes[end] {
      case ASCII.quote: return (hasEscapes, end)
      case ASCII.backslash:
        end = try JSONEscape.end(of: end, in: bytes)
        hasEscapes = true
      case ..<0x20: throw JSONFormError(.controlCharacter, at: end)
      default: end = try UTF8Sequence.end(of: end, in: bytes)
      }
    }
  }

  /// Appends `characters`, good UTF-8, with the escapes they need.
  ///
  /// - Returns: False when it stopped before a character that no text may contain.
  static func append(_ characters: UnsafeRawBufferPointer, to text: inout [UInt8]) -> Bool {
    var index = 0
    while index < characters.count {
      let end = ASCII.endOfPlainRun(in: characters, from: index)
      text.append(contentsOf: UnsafeRawBufferPointer(rebasing: characters[index..<end]))
      guard end < characters.count else { return true }
      guard characters[end] != 0, !UTF8Sequence.isByteOrderMark(characters, at: end) else {
        return false
      }
      appendSpecial(characters[end], to: &text)
      index = end + 1
    }
    return true
  }

  /// One byte that is not plain: escaped, or part of a longer UTF-8 sequence.
  private static func appendSpecial(_ byte: UInt8, to text: inout [UInt8]) {
    if byte >= 0x80 {
      text.append(byte)
    } else if let letter = JSONEscape.letter(for: byte) {
      text.append(ASCII.backslash)
      text.append(letter)
    } else {
      text.append(contentsOf: "\\u00".utf8)
      text.append(Hex.digit(byte >> 4))
      text.append(Hex.digit(byte & 0x0F))
    }
  }
}
