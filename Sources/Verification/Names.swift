/// The spelling of the names in a header; all of them ASCII, so one string has one byte form.
enum NameForm {
  /// Application or environment: `[a-z][a-z0-9-]{0,62}`.
  static func isScope(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard (1...63).contains(bytes.count), isLower(bytes[0]) else { return false }
    return bytes.allSatisfy { isLower($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
  }

  /// Kind: `[a-z_]+\.[a-z_]+\.v[1-9][0-9]*`.
  static func isKind(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, !parts[1].isEmpty, parts[2].count >= 2 else {
      return false
    }
    let words = parts[0...1].joined().allSatisfy { isLower($0) || $0 == UInt8(ascii: "_") }
    let version = parts[2].dropFirst()
    return words && parts[2].first == UInt8(ascii: "v") && version.allSatisfy(isDigit)
      && version.first != UInt8(ascii: "0")
  }

  /// Stream: `[a-z]{1,31}/[a-z0-9][a-z0-9._-]{0,127}`.
  static func isStream(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")), (1...31).contains(slash) else {
      return false
    }
    let name = bytes[(slash + 1)...]
    guard (1...128).contains(name.count), let first = name.first, isLower(first) || isDigit(first)
    else { return false }
    return bytes[..<slash].allSatisfy(isLower)
      && name.allSatisfy { isLower($0) || isDigit($0) || isPunctuation($0) }
  }

  /// `.`, `_` or `-`.
  static func isPunctuation(_ byte: UInt8) -> Bool { byte == 0x2e || byte == 0x5f || byte == 0x2d }
  static func isLower(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
}

extension ByteReader {
  /// A quoted name that `isValid` accepts.
  mutating func name(
    _ expected: String, _ isValid: (UnsafeRawBufferPointer) -> Bool
  ) throws(FormFault) -> String {
    let start = offset
    let bytes = try quoted(expected)
    guard isValid(bytes) else { throw FormFault(offset: start, expected: expected) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
