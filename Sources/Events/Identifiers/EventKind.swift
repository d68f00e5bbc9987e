/// What happened, by its name on disk: `deployment.started.v1`.
///
/// `[a-z_]+\.[a-z_]+\.v[1-9][0-9]*`. The name stays when a Swift type is renamed; a change of
/// meaning takes the next version.
package struct EventKind: Hashable, Comparable, Sendable {
  package let text: String
  private let familyLength: Int

  package init?(text: String) {
    let bytes = text.utf8
    guard let first = bytes.firstIndex(of: UInt8(ascii: ".")),
      let second = bytes[bytes.index(after: first)...].firstIndex(of: UInt8(ascii: ".")),
      Self.isWord(bytes[..<first]), Self.isWord(bytes[bytes.index(after: first)..<second]),
      Self.isVersion(text[bytes.index(after: second)...])
    else { return nil }
    self.text = text
    familyLength = bytes.distance(from: bytes.startIndex, to: first)
  }

  private static func isWord(_ part: Substring.UTF8View) -> Bool {
    !part.isEmpty && part.allSatisfy { ASCIIText.isLower($0) || $0 == UInt8(ascii: "_") }
  }

  private static func isVersion(_ part: Substring) -> Bool {
    part.utf8.first == UInt8(ascii: "v") && ASCIIText.positiveNumber(part.dropFirst()) != nil
  }

  /// `deployment` of `deployment.started.v1`.
  package var family: Substring { text.prefix(familyLength) }

  /// Families whose data is part of the format: one that is unknown cannot be skipped.
  package var isGoverning: Bool {
    switch family {
    case "ledger", "key", "retention", "privacy": true
    default: false
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension EventKind: CustomStringConvertible {
  package var description: String { text }
}

extension EventKind: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) {
    guard let kind = Self(text: text) else { preconditionFailure("'\(text)' is no event kind") }
    self = kind
  }
}
