/// The byte classes from which every identifier's form is made.
enum ASCIIText {
  static func isLower(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")
  }

  static func isUpper(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  static func isLetter(_ byte: UInt8) -> Bool { isLower(byte) || isUpper(byte) }

  /// `.`, `_` and `-`.
  static func isJoiner(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// Whether `text` has 1...`limit` bytes, the first of class `first` and the others of `rest`.
  static func matches(
    _ text: Substring.UTF8View, limit: Int, first: (UInt8) -> Bool, rest: (UInt8) -> Bool
  ) -> Bool {
    guard let head = text.first, first(head), text.count <= limit else { return false }
    return text.dropFirst().allSatisfy(rest)
  }

  /// A decimal from 1 without leading zeros, at most 2^53 − 1.
  static func positiveNumber(_ text: Substring) -> Int? {
    guard let head = text.utf8.first, isDigit(head), head != UInt8(ascii: "0"),
      text.utf8.allSatisfy(isDigit), let number = Int(text), number <= Limits.integerMagnitude
    else { return nil }
    return number
  }
}
