/// The sixteen bytes of a UUID (RFC 9562), held inline and ordered as bytes.
///
/// Its only text is lower case with hyphens after bytes 4, 6, 8 and 10: one value, one spelling.
package struct UUIDBits: Hashable, Comparable, Sendable {
  package static let textLength = 36

  /// Bytes 0...7, big-endian: for version 7 the 48-bit clock, the version and 12 random bits.
  package let high: UInt64
  /// Bytes 8...15, big-endian: the variant and 62 random bits.
  package let low: UInt64

  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Reads exactly 36 bytes of text; upper case, braces and missing hyphens give `nil`.
  package init?(ascii text: UnsafeRawBufferPointer) {
    guard text.count == Self.textLength else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for index in 0..<Self.textLength {
      let byte = text[index]
      if Self.isHyphen(index) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = Self.hexDigit(byte) else { return nil }
      if index < 19 { high = high << 4 | digit } else { low = low << 4 | digit }
    }
    self.init(high: high, low: low)
  }

  package init?(_ text: String) {
    var text = text
    let bits = text.withUTF8 { UUIDBits(ascii: UnsafeRawBufferPointer($0)) }
    guard let bits else { return nil }
    self = bits
  }

  package var version: Int { Int(high >> 12 & 0xF) }

  /// RFC 9562 §4.1: the two leading bits of byte 8 are `10`.
  package var hasStandardVariant: Bool { low >> 62 == 0b10 }

  package var text: String {
    String(unsafeUninitializedCapacity: Self.textLength) { buffer in
      var digitsLeft = 32
      for index in 0..<Self.textLength {
        if Self.isHyphen(index) {
          buffer[index] = UInt8(ascii: "-")
          continue
        }
        digitsLeft -= 1
        let half = digitsLeft >= 16 ? high : low
        buffer[index] = Self.hexByte(half >> UInt64(digitsLeft % 16 * 4) & 0xF)
      }
      return Self.textLength
    }
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }

  private static func isHyphen(_ index: Int) -> Bool {
    index == 8 || index == 13 || index == 18 || index == 23
  }

  private static func hexDigit(_ byte: UInt8) -> UInt64? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
    default: nil
    }
  }

  private static func hexByte(_ digit: UInt64) -> UInt8 {
    let digit = UInt8(digit)
    return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
  }
}
