/// A short name that people type and files carry: `[a-z][a-z0-9-]{0,62}`.
package struct Name<Tag: IdentifierTag>: RawRepresentable, Hashable, Comparable, Sendable {
  package static var byteLimit: Int { 63 }

  package let rawValue: String

  package init?(rawValue: String) {
    let isInner = { (byte: UInt8) in
      ASCIIText.isLower(byte) || ASCIIText.isDigit(byte) || byte == UInt8(ascii: "-")
    }
    guard
      ASCIIText.matches(
        rawValue[...].utf8, limit: Self.byteLimit, first: ASCIIText.isLower, rest: isInner)
    else { return nil }
    self.rawValue = rawValue
  }

  package init(parsing text: String) throws(IdentifierError) {
    guard let name = Self(rawValue: text) else {
      throw IdentifierError(
        noun: "\(Tag.noun) name", text: text,
        form: "a-z, 0-9 and -, starting with a letter, at most \(Self.byteLimit) characters")
    }
    self = name
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Name: CustomStringConvertible {
  package var description: String { rawValue }
}

extension Name: ExpressibleByStringLiteral {
  /// For names that the source spells out; a wrong one is our own bug.
  package init(stringLiteral text: String) {
    guard let name = Self(rawValue: text) else {
      preconditionFailure("'\(text)' is no \(Tag.noun) name")
    }
    self = name
  }
}

/// What is deployed: `tamma`.
package typealias ApplicationName = Name<ApplicationTag>
/// Where it is deployed: `production`.
package typealias EnvironmentName = Name<EnvironmentTag>
/// A part of an application with an artifact of its own: `orchestrator`.
package typealias ComponentName = Name<ComponentTag>
/// A value that only a process of an environment gets: `database-password`.
package typealias SecretName = Name<SecretTag>

/// Makes an ``ApplicationName``.
package enum ApplicationTag: IdentifierTag { package static let noun = "application" }
/// Makes an ``EnvironmentName``.
package enum EnvironmentTag: IdentifierTag { package static let noun = "environment" }
/// Makes a ``ComponentName``.
package enum ComponentTag: IdentifierTag { package static let noun = "component" }
/// Makes a ``SecretName``.
package enum SecretTag: IdentifierTag { package static let noun = "secret" }
