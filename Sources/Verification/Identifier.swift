/// A UUIDv7 in 16 bytes: an entry, an actor, a person.
package struct Identifier: Hashable, Sendable {
  package let high: UInt64
  package let low: UInt64

  /// Only for values that already were identifiers; text goes through ``init(parsing:)``.
  init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Lower case with hyphens, version 7, variant 2; nil otherwise.
  package init?(parsing text: String) {
    var text = text
    let parsed = text.withUTF8 { utf8 -> Identifier? in
      var reader = ByteReader(UnsafeRawBufferPointer(utf8))
      guard let value = try? reader.identifier(), reader.isAtEnd else { return nil }
      return value
    }
    guard let parsed else { return nil }
    self = parsed
  }
}

extension Identifier: CustomStringConvertible {
  package var description: String {
    func hex(_ value: UInt64, _ digits: Int) -> String {
      let text = String(value, radix: 16)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    let groups = [
      hex(high >> 32, 8), hex(high >> 16 & 0xffff, 4), hex(high & 0xffff, 4),
      hex(low >> 48, 4), hex(low & 0xffff_ffff_ffff, 12),
    ]
    return groups.joined(separator: "-")
  }
}

extension ByteReader {
  /// A UUIDv7 of 36 characters.
  mutating func identifier() throws(FormFault) -> Identifier {
    let (high, low) = try uuid(version: 7)
    return Identifier(high: high, low: low)
  }

  /// A UUIDv7 of 36 characters in quotes.
  mutating func quotedIdentifier() throws(FormFault) -> Identifier {
    try demand("\"")
    let value = try identifier()
    try demand("\"")
    return value
  }

  /// The two halves of a UUID whose version is `version` and whose variant is RFC 9562's.
  mutating func uuid(version: UInt64) throws(FormFault) -> (high: UInt64, low: UInt64) {
    let start = offset
    let text = try slice(36, "a UUID")
    var halves: (UInt64, UInt64) = (0, 0)
    var faulty: UInt8 = 0
    for index in 0..<36 {
      if index == 8 || index == 13 || index == 18 || index == 23 {
        faulty |= text[index] ^ UInt8(ascii: "-")
        continue
      }
      let digit = hexValue(text[index])
      faulty |= digit & 0xf0
      halves.0 = halves.0 << 4 | halves.1 >> 60
      halves.1 = halves.1 << 4 | UInt64(digit & 15)
    }
    guard faulty == 0, halves.0 >> 12 & 15 == version, halves.1 >> 62 == 2 else {
      throw FormFault(offset: start, expected: "a UUIDv\(version)")
    }
    return halves
  }
}
