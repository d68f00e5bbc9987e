/// What a program said, for people to read: an error of the system, a judge's sentence, a
/// reference.
///
/// 1 to 1,000 bytes; a longer text is clipped between characters, what the ledger's JSON cannot
/// hold becomes U+FFFD, and an empty text becomes `-`, so that recording a failure cannot fail.
/// Never what a person wrote: that is ``Sealed``.
package struct MachineWords: Hashable, Sendable {
  package static let byteLimit = 1_000

  package let text: String

  package init(_ text: String) {
    self.text = Self.isKeptWhole(text) ? text : Self.kept(of: text)
  }

  /// Whether nothing of `text` has to change, judged by its bytes: nearly every text, and replay
  /// meets millions. A text with a byte that begins U+FEFF, among others, is looked at closely.
  private static func isKeptWhole(_ text: String) -> Bool {
    guard (1...byteLimit).contains(text.utf8.count) else { return false }
    return text.utf8.withContiguousStorageIfAvailable(hasNoOddByte)
      ?? text.utf8.allSatisfy { $0 != 0 && $0 != 0xEF }
  }

  /// Looks at every byte, without a way out in between: the compiler makes it sixteen at a time.
  private static func hasNoOddByte(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var odd: UInt8 = 0
    for byte in bytes { odd |= (byte == 0 ? 1 : 0) | (byte == 0xEF ? 1 : 0) }
    return odd == 0
  }

  private static func kept(of text: String) -> String {
    var kept = ""
    for scalar in text.unicodeScalars {
      let scalar = isForbidden(scalar) ? "\u{FFFD}" : scalar
      guard kept.utf8.count + UTF8.width(scalar) <= byteLimit else { break }
      kept.unicodeScalars.append(scalar)
    }
    return kept.isEmpty ? "-" : kept
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\u{0}" || scalar == "\u{FEFF}"
  }

  /// By bytes: Swift's own equality would not tell composed from decomposed characters.
  package static func == (left: Self, right: Self) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
  }
}

extension MachineWords: TextValue {
  package static let expected = "a text of 1 to \(byteLimit) bytes"

  package init?(dataText: String) {
    self.init(dataText)
    guard text.utf8.elementsEqual(dataText.utf8) else { return nil }
  }

  package var dataText: String { text }
}

extension MachineWords: CustomStringConvertible {
  package var description: String { text }
}

extension MachineWords: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) { self.init(text) }
}

extension UTF8 {
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case ..<0x80: 1
    case ..<0x800: 2
    case ..<0x10000: 3
    default: 4
    }
  }
}
