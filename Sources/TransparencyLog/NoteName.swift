/// The name of a key, and of a log, in notes: not empty, no Unicode spaces, no `+`.
enum NoteName {
  static let byteCountMax = 255

  static func isValid(_ name: String) -> Bool {
    (1...byteCountMax).contains(name.utf8.count)
      && name.unicodeScalars.allSatisfy(isAllowed)
  }

  /// Unicode's properties are a look-up each, which nearly all names can do without.
  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.isASCII else { return !scalar.properties.isWhitespace }
    return scalar.value > 0x20 && scalar != "+"
  }
}
