/// Text from files, flags and ledgers as a person may see it: nothing in it moves a cursor, hides a
/// line or turns the reading direction.
package enum VisibleText {
  /// Control and format characters of any alphabet written out, `\u{1B}`; the rest as it is.
  ///
  /// - Parameter keepsLines: Whether line feeds stay.
  package static func escaped(_ text: String, keepsLines: Bool = false) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    return text.unicodeScalars.map { scalar in
      isHidden(scalar) && !(keepsLines && scalar == "\n")
        ? scalar.escaped(asASCII: true) : "\(scalar)"
    }.joined()
  }

  /// Control characters, line and paragraph separators, and what Unicode uses to turn or mark the
  /// direction of text.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
      true
    default: false
    }
  }
}
