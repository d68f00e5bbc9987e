/// One UTF-8 sequence of two to four bytes, checked by the table of the Unicode standard
/// (3-7, well-formed byte sequences): no overlong forms, no surrogates, nothing over U+10FFFF.
enum UTF8Sequence {
  /// The offset after the sequence that starts at `start`.
  ///
  /// - Throws: `utf8` when it encodes no scalar, `endOfText` when the text stops inside a good
  ///   one, `forbiddenCharacter` for U+FEFF.
  static func end(
    of start: Int, in bytes: UnsafeRawBufferPointer
  ) throws(JSONFormError) -> Int {
    guard let shape = shape(ofLead: bytes[start]) else { throw JSONFormError(.utf8, at: start) }
    for index in start + 1..<start + shape.count {
      guard index < bytes.count else { throw JSONFormError(.endOfText, at: bytes.count) }
      let allowed = index == start + 1 ? shape.second : 0x80...0xBF
      guard allowed.contains(bytes[index]) else { throw JSONFormError(.utf8, at: start) }
    }
    guard !isByteOrderMark(bytes, at: start) else {
      throw JSONFormError(.forbiddenCharacter, at: start)
    }
    return start + shape.count
  }

  /// U+FEFF, which editors add and strip unseen.
  static func isByteOrderMark(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
    start + 3 <= bytes.count && bytes[start] == 0xEF && bytes[start + 1] == 0xBB
      && bytes[start + 2] == 0xBF
  }

  private static func shape(ofLead lead: UInt8) -> (count: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
