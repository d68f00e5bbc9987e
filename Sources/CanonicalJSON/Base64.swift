/// RFC 4648 §4, standard alphabet and padded, in its one canonical spelling.
package enum Base64 {
  package static func encode(_ bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    bytes.withUnsafeBytes { encode($0, into: &text) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends the text of `bytes` to `text`.
  package static func encode(_ bytes: UnsafeRawBufferPointer, into text: inout [UInt8]) {
    var index = 0
    while index + 3 <= bytes.count {
      let group =
        UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      append(group, digits: 4, to: &text)
      index += 3
    }
    switch bytes.count - index {
    case 1: append(UInt32(bytes[index]) << 16, digits: 2, to: &text)
    case 2:
      append(
        UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8, digits: 3, to: &text)
    default: break  // Whole groups need no padding.
    }
  }

  /// The bytes, or nil when `text` is not exactly what ``encode(_:)`` writes for them: wrong
  /// length, alphabet or padding, or bits after the last byte that are not zero.
  package static func decode(_ text: String) -> [UInt8]? {
    var text = text
    return text.withUTF8 { decode(UnsafeRawBufferPointer($0)) }
  }

  package static func decode(_ text: UnsafeRawBufferPointer) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let padding = text.suffix(2).reversed().prefix { $0 == pad }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    for (index, digit) in text.dropLast(padding).enumerated() {
      guard let value = value(of: digit) else { return nil }
      bits = bits << 6 | UInt32(value)
      if index % 4 == 3 {
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits))
        bits = 0
      }
    }
    return appendTail(bits, padding: padding, to: &bytes) ? bytes : nil
  }

  private static let pad = UInt8(ascii: "=")

  /// The one or two bytes of a padded group; false when the bits after them are not zero.
  private static func appendTail(
    _ bits: UInt32, padding: Int, to bytes: inout [UInt8]
  ) -> Bool {
    switch padding {
    case 1:
      bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
      bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
      return bits & 0b11 == 0
    case 2:
      bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
      return bits & 0b1111 == 0
    default: return true
    }
  }

  /// The first `digits` of a 24-bit group, padded to four.
  @inline(__always)
  private static func append(_ group: UInt32, digits: Int, to text: inout [UInt8]) {
    for place in 0..<4 {
      let value = UInt8(truncatingIfNeeded: group >> (18 - 6 * UInt32(place))) & 0x3F
      text.append(place < digits ? digit(value) : pad)
    }
  }

  /// The digit for 0...63, by offsets so that no table has to be loaded.
  @inline(__always)
  private static func digit(_ value: UInt8) -> UInt8 {
    switch value {
    case 0..<26: UInt8(ascii: "A") + value
    case 26..<52: UInt8(ascii: "a") + (value - 26)
    case 52..<62: ASCII.zero + (value - 52)
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  @inline(__always)
  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
    case ASCII.zero...ASCII.nine: digit - ASCII.zero + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
