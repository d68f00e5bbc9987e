import CanonicalJSON

/// What some bytes are, by SHA-256: an artifact, a build, a configuration, a plan.
///
/// Its text is `sha256:` and 64 hex digits, so that another hash can join it.
package struct ContentDigest: Hashable, Comparable, Sendable {
  package let sha256: Digest

  package init(sha256: Digest) { self.sha256 = sha256 }

  package init(parsing text: String) throws(IdentifierError) {
    guard let digest = Self(dataText: text) else {
      throw IdentifierError(
        noun: "digest", text: text, form: "sha256: and 64 hex digits, lower case")
    }
    self = digest
  }

  package static func < (left: Self, right: Self) -> Bool { left.sha256 < right.sha256 }

  /// The first twelve digits, as people quote it.
  package var shortText: String { String(sha256.hex.prefix(12)) }
}

extension ContentDigest: TextValue {
  package static var expected: String { "sha256: and 64 hex digits" }

  package init?(dataText: String) {
    guard dataText.hasPrefix("sha256:"), let digest = Digest(hex: String(dataText.dropFirst(7)))
    else { return nil }
    sha256 = digest
  }

  package var dataText: String { "sha256:\(sha256.hex)" }
}

extension ContentDigest: CustomStringConvertible {
  package var description: String { dataText }
}
