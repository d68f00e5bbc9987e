/// What happened, by its name on disk: `deployment.started.v1`.
///
/// `[a-z_]+\.[a-z_]+\.v[1-9][0-9]*`. The name stays when a Swift type is renamed; a change of
/// meaning takes the next version.
package struct EventKind: Hashable, Comparable, Sendable {
  package let text: String
  private let familyLength: Int

  package init?(text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isWord = { (part: Substring) in
      !part.isEmpty && part.utf8.allSatisfy { ASCIIText.isLower($0) || $0 == UInt8(ascii: "_") }
    }
    guard parts.count == 3, isWord(parts[0]), isWord(parts[1]), parts[2].utf8.first == 0x76,
      ASCIIText.positiveNumber(parts[2].dropFirst()) != nil
    else { return nil }
    self.text = text
    familyLength = parts[0].utf8.count
  }

  package init(parsing text: String) throws(IdentifierError) {
    guard let kind = Self(text: text) else {
      throw IdentifierError(
        noun: "event kind", text: text, form: "FAMILY.EVENT.vN, like deployment.started.v1")
    }
    self = kind
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
