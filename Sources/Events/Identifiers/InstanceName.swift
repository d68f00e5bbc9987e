/// One running copy of a component: `0`, `orchestrator-2`; `[A-Za-z0-9][A-Za-z0-9._-]{0,62}`.
package struct InstanceName: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: String

  package init?(rawValue: String) {
    let isWord = { (byte: UInt8) in ASCIIText.isLetter(byte) || ASCIIText.isDigit(byte) }
    guard
      ASCIIText.matches(
        rawValue[...].utf8, limit: 63, first: isWord,
        rest: { isWord($0) || ASCIIText.isJoiner($0) })
    else { return nil }
    self.rawValue = rawValue
  }

  package init(parsing text: String) throws(IdentifierError) {
    guard let name = Self(rawValue: text) else {
      throw IdentifierError(
        noun: "instance name", text: text,
        form: "letters, digits, . _ and -, starting with a letter or digit, at most 63 characters")
    }
    self = name
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension InstanceName: CustomStringConvertible {
  package var description: String { rawValue }
}

extension InstanceName: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    guard let name = Self(rawValue: text) else {
      preconditionFailure("'\(text)' is no instance name")
    }
    self = name
  }
}
