/// Names what a family of identifiers identifies, so that one cannot stand where another should.
package protocol IdentifierTag {
  /// For messages: `entry`, `actor`, `deployment`.
  static var noun: String { get }
}

/// A UUID of version 7 (RFC 9562 §5.7): unique for ever, and ordered by when it was made.
package struct Identifier<Tag: IdentifierTag>: Hashable, Comparable, Sendable {
  package let bits: UUIDBits

  /// `nil` unless version and variant are those of a UUIDv7.
  package init?(bits: UUIDBits) {
    guard bits.version == 7, bits.hasStandardVariant else { return nil }
    self.bits = bits
  }

  package init(parsing text: String) throws(IdentifierError) {
    guard let bits = UUIDBits(text), let identifier = Self(bits: bits) else {
      throw IdentifierError(
        noun: "\(Tag.noun) id", text: text, form: "a lower-case UUID of version 7")
    }
    self = identifier
  }

  /// An identifier of the millisecond of `time`.
  ///
  /// - Parameter random: Exactly 10 bytes; 74 of their 80 bits are used.
  package static func make(at time: Timestamp, random: [UInt8]) -> Self {
    precondition(random.count == 10, "an identifier needs 10 random bytes, not \(random.count)")
    let first = random.prefix(2).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let rest = random.dropFirst(2).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let milliseconds = UInt64(time.microseconds / 1_000)
    return Self(
      unchecked: UUIDBits(
        high: milliseconds << 16 | 0x7000 | first & 0x0FFF,
        low: 0b10 << 62 | rest & ((1 << 62) - 1)))
  }

  private init(unchecked bits: UUIDBits) { self.bits = bits }

  package static func < (left: Self, right: Self) -> Bool { left.bits < right.bits }
}

extension Identifier: CustomStringConvertible {
  package var description: String { bits.text }
}

/// One entry of a ledger, for ever.
package typealias EntryID = Identifier<EntryTag>
/// A person or program that acts; never a name or an address.
package typealias ActorID = Identifier<ActorTag>
/// The person whose data a sealed value is; people have one id, acting or not.
package typealias SubjectID = ActorID
/// One rollout of one release, from its start to its end.
package typealias DeploymentID = Identifier<DeploymentTag>

/// Makes an ``EntryID``.
package enum EntryTag: IdentifierTag { package static let noun = "entry" }
/// Makes an ``ActorID``.
package enum ActorTag: IdentifierTag { package static let noun = "actor" }
/// Makes a ``DeploymentID``.
package enum DeploymentTag: IdentifierTag { package static let noun = "deployment" }
