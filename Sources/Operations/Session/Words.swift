extension String {
  /// Whether nobody can see anything of it: blanks, and what is shown as nothing.
  package var isBlank: Bool {
    unicodeScalars.allSatisfy { scalar in
      scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint
        || scalar.value < 0x20 || scalar == "\u{2800}"  // Braille without a dot.
    }
  }
}
