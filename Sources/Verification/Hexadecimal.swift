import CanonicalJSON

/// The value of a lower-case hex digit, or 255.
@inline(__always)
func hexValue(_ digit: UInt8) -> UInt8 {
  let decimal = digit &- UInt8(ascii: "0")
  if decimal <= 9 { return decimal }
  let letter = digit &- UInt8(ascii: "a")
  return letter <= 5 ? letter + 10 : 255
}

extension ByteReader {
  /// 64 lower-case hex digits.
  mutating func digest() throws(FormFault) -> Digest {
    let start = offset
    let text = try slice(64, "64 hex digits")
    let value = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { room -> Digest? in
      var seen: UInt8 = 0
      for index in 0..<32 {
        let high = hexValue(text[2 * index])
        let low = hexValue(text[2 * index + 1])
        seen |= high | low
        room[index] = high << 4 | (low & 15)
      }
      return seen <= 15 ? Digest(bytes: UnsafeRawBufferPointer(room)) : nil
    }
    guard let value else { throw FormFault(offset: start, expected: "64 hex digits") }
    return value
  }

  /// `count` lower-case hex digits, only checked.
  mutating func hex(_ count: Int) throws(FormFault) {
    for digit in try slice(count, "\(count) hex digits") where hexValue(digit) > 15 {
      throw FormFault(offset: offset - count, expected: "\(count) hex digits")
    }
  }

  /// 64 lower-case hex digits in quotes.
  mutating func quotedDigest() throws(FormFault) -> Digest {
    try demand("\"")
    let value = try digest()
    try demand("\"")
    return value
  }
}
