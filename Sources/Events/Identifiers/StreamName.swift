/// A line of history with versions of its own: `release/tamma.production`.
///
/// `[a-z]{1,31}/[a-z0-9][a-z0-9._-]{0,127}`; a kind fixes the prefix.
package struct StreamName: Hashable, Comparable, Sendable {
  package let text: String
  private let prefixLength: Int

  package init?(text: String) {
    guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    let prefix = text[..<slash].utf8
    let name = text[text.utf8.index(after: slash)...].utf8
    let isWord = { (byte: UInt8) in ASCIIText.isLower(byte) || ASCIIText.isDigit(byte) }
    guard
      ASCIIText.matches(
        prefix, limit: 31, first: ASCIIText.isLower, rest: ASCIIText.isLower),
      ASCIIText.matches(
        name, limit: 128, first: isWord, rest: { isWord($0) || ASCIIText.isJoiner($0) })
    else { return nil }
    self.text = text
    prefixLength = prefix.count
  }

  package init(parsing text: String) throws(IdentifierError) {
    guard let stream = Self(text: text) else {
      throw IdentifierError(
        noun: "stream", text: text, form: "PREFIX/NAME, like release/tamma.production")
    }
    self = stream
  }

  package var prefix: Substring { text.prefix(prefixLength) }
  package var name: Substring { text.dropFirst(prefixLength + 1) }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension StreamName: CustomStringConvertible {
  package var description: String { text }
}

extension StreamName: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    guard let stream = Self(text: text) else { preconditionFailure("'\(text)' is no stream") }
    self = stream
  }
}
