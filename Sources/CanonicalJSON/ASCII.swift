/// The bytes that JSON's grammar is made of.
enum ASCII {
  static let quote: UInt8 = 0x22
  static let comma: UInt8 = 0x2C
  static let minus: UInt8 = 0x2D
  static let dot: UInt8 = 0x2E
  static let zero: UInt8 = 0x30
  static let nine: UInt8 = 0x39
  static let colon: UInt8 = 0x3A
  static let dollar: UInt8 = 0x24
  static let upperE: UInt8 = 0x45
  static let openBracket: UInt8 = 0x5B
  static let backslash: UInt8 = 0x5C
  static let closeBracket: UInt8 = 0x5D
  static let lowerE: UInt8 = 0x65
  static let openBrace: UInt8 = 0x7B
  static let closeBrace: UInt8 = 0x7D

  /// Whether a key may contain `byte`: `A-Z a-z 0-9 _ . / -`. A set of 128 bits in two words.
  @inline(__always)
  static func isKeyByte(_ byte: UInt8) -> Bool {
    let low: UInt64 = 0x03FF_E000_0000_0000  // - . / 0-9
    let high: UInt64 = 0x07FF_FFFE_87FF_FFFE  // A-Z _ a-z
    guard byte < 0x80 else { return false }
    return (byte < 0x40 ? low : high) >> UInt64(byte & 0x3F) & 1 == 1
  }

  /// Where the run of characters that stand for themselves in a string ends: at a quote, a
  /// backslash, a control character, a byte of a longer UTF-8 sequence, or the end.
  ///
  /// Eight bytes at a time: a byte's top bit survives in `special` when the byte is one of those.
  @inline(__always)
  static func endOfPlainRun(in bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops: UInt64 = 0x8080_8080_8080_8080
    var offset = start
    while offset + 8 <= bytes.count {
      let word = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let quotes = word ^ (ones &* UInt64(quote))
      let backslashes = word ^ (ones &* UInt64(backslash))
      let special =
        (word | (word &- ones &* 0x20) | (quotes &- ones) | (backslashes &- ones)) & tops
      // Borrows only run upwards, so the lowest marked byte is always a true one.
      if special != 0 { return offset + special.trailingZeroBitCount / 8 }
      offset += 8
    }
    while offset < bytes.count, isPlain(bytes[offset]) { offset += 1 }
    return offset
  }

  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != quote && byte != backslash
  }
}
