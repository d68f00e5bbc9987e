/// The name of a key, and of a log, in notes: not empty, no Unicode spaces, no `+`.
enum NoteName {
  static let byteCountMax = 255

  static func isValid(_ name: String) -> Bool {
    (1...byteCountMax).contains(name.utf8.count)
      && !name.unicodeScalars.contains {
        $0 == "+" || $0.value < 0x20 || $0.properties.isWhitespace
      }
  }
}
