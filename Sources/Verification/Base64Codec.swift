/// Standard base64, padded, with zero trailing bits: the only spelling a line may have (RFC 4648
/// §3.5).
///
/// Bytes to bytes, into room that the caller owns: every header of a ledger goes through here.
enum Base64Codec {
  static func encodedCount(_ count: Int) -> Int { (count + 2) / 3 * 4 }

  /// How many bytes `text` stands for if it is valid; nil if its length or padding is impossible.
  static func decodedCount(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count % 4 == 0 else { return nil }
    guard let last = text.last, last == UInt8(ascii: "=") else { return text.count / 4 * 3 }
    return text.count / 4 * 3 - (text[text.count - 2] == UInt8(ascii: "=") ? 2 : 1)
  }

  /// Writes `bytes` as text to the beginning of `room`, which has ``encodedCount(_:)`` bytes.
  static func encode(_ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer) {
    var target = 0
    var source = 0
    while source < bytes.count {
      let left = bytes.count - source
      let group =
        UInt32(bytes[source]) << 16 | (left > 1 ? UInt32(bytes[source + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[source + 2]) : 0)
      room[target] = letter(group >> 18)
      room[target + 1] = letter(group >> 12 & 63)
      room[target + 2] = left > 1 ? letter(group >> 6 & 63) : UInt8(ascii: "=")
      room[target + 3] = left > 2 ? letter(group & 63) : UInt8(ascii: "=")
      source += 3
      target += 4
    }
  }

  /// Writes what `text` stands for to `room`, which has ``decodedCount(_:)`` bytes.
  ///
  /// - Returns: Nil if all of it was valid, else the index of the group of four that was not.
  static func decode(
    _ text: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) -> Int? {
    let whole = room.count / 3
    var faulty: UInt32 = 0
    for group in 0..<whole {
      let value = bits(text, 4 * group)
      faulty |= value >> 24
      room[3 * group] = UInt8(truncatingIfNeeded: value >> 16)
      room[3 * group + 1] = UInt8(truncatingIfNeeded: value >> 8)
      room[3 * group + 2] = UInt8(truncatingIfNeeded: value)
      if faulty != 0 { return 4 * group }
    }
    let rest = room.count % 3
    guard rest > 0 else { return nil }
    let high = value(text[4 * whole])
    let low = value(text[4 * whole + 1])
    let third = rest == 2 ? value(text[4 * whole + 2]) : 0
    let unused = rest == 2 ? third & 3 : low & 15
    guard high | low | third < 64, unused == 0 else { return 4 * whole }
    room[3 * whole] = UInt8(truncatingIfNeeded: high << 2 | low >> 4)
    if rest == 2 { room[3 * whole + 1] = UInt8(truncatingIfNeeded: low << 4 | third >> 2) }
    return nil
  }

  /// What `text` stands for.
  static func decoded(_ text: UnsafeRawBufferPointer) throws(FormFault) -> [UInt8] {
    guard let count = decodedCount(text) else {
      throw FormFault(offset: 0, expected: "padded base64")
    }
    var bytes = [UInt8](repeating: 0, count: count)
    if let offset = bytes.withUnsafeMutableBytes({ decode(text, into: $0) }) {
      throw FormFault(offset: offset, expected: "base64 with zero trailing bits")
    }
    return bytes
  }

  @inline(__always)
  private static func bits(_ text: UnsafeRawBufferPointer, _ at: Int) -> UInt32 {
    let (a, b) = (value(text[at]), value(text[at + 1]))
    let (c, d) = (value(text[at + 2]), value(text[at + 3]))
    return (a | b | c | d) > 63 ? 1 << 24 : a << 18 | b << 12 | c << 6 | d
  }

  /// The six bits of a letter, or 64.
  @inline(__always)
  private static func value(_ letter: UInt8) -> UInt32 {
    switch letter {
    case 0x41...0x5a: UInt32(letter) - 0x41
    case 0x61...0x7a: UInt32(letter) - 0x61 + 26
    case 0x30...0x39: UInt32(letter) - 0x30 + 52
    case 0x2b: 62
    case 0x2f: 63
    default: 64
    }
  }

  @inline(__always)
  private static func letter(_ value: UInt32) -> UInt8 {
    switch value {
    case 0..<26: UInt8(value) + 0x41
    case 26..<52: UInt8(value) - 26 + 0x61
    case 52..<62: UInt8(value) - 52 + 0x30
    case 62: 0x2b
    default: 0x2f
    }
  }
}
