/// RFC 8785's one spelling for each character that must be escaped (§3.2.2.2).
enum JSONEscape {
  /// The letter of the two-byte escape, or nil where `\u00xx` is the only one.
  static func letter(for byte: UInt8) -> UInt8? {
    switch byte {
    case 0x08: UInt8(ascii: "b")
    case 0x09: UInt8(ascii: "t")
    case 0x0A: UInt8(ascii: "n")
    case 0x0C: UInt8(ascii: "f")
    case 0x0D: UInt8(ascii: "r")
    case ASCII.quote, ASCII.backslash: byte
    default: nil
    }
  }

  /// The character below 0x80 that the accepted escape at `index` stands for.
  static func character(of bytes: UnsafeRawBufferPointer, at index: Int) -> UInt8 {
    switch bytes[index + 1] {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "t"): 0x09
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "u"):
      (Hex.nibble(bytes[index + 4]) ?? 0) << 4 | (Hex.nibble(bytes[index + 5]) ?? 0)
    default: bytes[index + 1]
    }
  }

  /// The offset after the escape that starts at `start`.
  ///
  /// - Throws: `endOfText` when the text stops inside it, `forbiddenCharacter` for U+0000,
  ///   `escape` for every spelling that RFC 8785 does not write.
  static func end(
    of start: Int, in bytes: UnsafeRawBufferPointer
  ) throws(JSONFormError) -> Int {
    guard start + 1 < bytes.count else { throw JSONFormError(.endOfText, at: bytes.count) }
    switch bytes[start + 1] {
    case UInt8(ascii: "b"), UInt8(ascii: "t"), UInt8(ascii: "n"), UInt8(ascii: "f"),
      UInt8(ascii: "r"), ASCII.quote, ASCII.backslash:
      return start + 2
    case UInt8(ascii: "u"):
      try checkNumeric(at: start, in: bytes)
      return start + 6
    default: throw JSONFormError(.escape, at: start)
    }
  }

  private static func checkNumeric(
    at start: Int, in bytes: UnsafeRawBufferPointer
  ) throws(JSONFormError) {
    var scalar = 0
    for index in start + 2..<start + 6 {
      guard index < bytes.count else { throw JSONFormError(.endOfText, at: bytes.count) }
      guard let nibble = Hex.nibble(bytes[index]) else { throw JSONFormError(.escape, at: start) }
      scalar = scalar << 4 | Int(nibble)
    }
    guard scalar != 0 else { throw JSONFormError(.forbiddenCharacter, at: start) }
    guard scalar < 0x20, letter(for: UInt8(scalar)) == nil else {
      throw JSONFormError(.escape, at: start)
    }
  }
}
