/// A word of the program's own, for machines to compare: an action, a reason, a phase.
///
/// `[A-Za-z][A-Za-z0-9._-]{0,62}`. What a person wrote is sealed, what another program said is
/// ``MachineWords``.
package struct Code: RawRepresentable, Hashable, Comparable, Sendable {
  package let rawValue: String

  package init?(rawValue: String) {
    guard
      ASCIIText.matches(
        rawValue[...].utf8, limit: 63, first: ASCIIText.isLetter,
        rest: {
          ASCIIText.isLetter($0) || ASCIIText.isDigit($0) || ASCIIText.isJoiner($0)
        })
    else { return nil }
    self.rawValue = rawValue
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Code: CustomStringConvertible {
  package var description: String { rawValue }
}

extension Code: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    guard let code = Self(rawValue: text) else { preconditionFailure("'\(text)' is no code") }
    self = code
  }
}
