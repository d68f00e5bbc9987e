/// The name of a ticket in whatever system: `OPS-204`, `#17`, `https://tickets.example/OPS-204`.
///
/// 1 to 100 printable ASCII characters without blanks: a name, no words of a person.
package struct Ticket: RawRepresentable, Hashable, Sendable {
  package static let byteLimit = 100

  package let rawValue: String

  package init?(rawValue: String) {
    let isPrinted = { (byte: UInt8) in (UInt8(ascii: "!")...UInt8(ascii: "~")).contains(byte) }
    guard
      ASCIIText.matches(
        rawValue[...].utf8, limit: Self.byteLimit, first: isPrinted, rest: isPrinted)
    else { return nil }
    self.rawValue = rawValue
  }
}

extension Ticket: CustomStringConvertible {
  package var description: String { rawValue }
}

extension Ticket: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    guard let ticket = Self(rawValue: text) else { preconditionFailure("'\(text)' is no ticket") }
    self = ticket
  }
}
