/// Which ledger this is: `tamma/d6e783f2-e0bb-42df-8968-fc88bfaa7910/1`.
///
/// Also the name of the log's key in checkpoints. At most 255 bytes in all.
package struct Origin: Hashable, Sendable {
  package static let byteLimit = 255

  /// `[A-Za-z0-9._-]+`, chosen at `stele init`.
  package let name: String
  /// A UUID of version 4, drawn at `stele init`.
  package let log: UUIDBits
  /// From 1; the next one starts after a restore that lost entries.
  package let incarnation: Int

  /// `nil` when a part or the whole has not the form above.
  package init?(name: String, log: UUIDBits, incarnation: Int) {
    let isPart = { (byte: UInt8) in
      ASCIIText.isLetter(byte) || ASCIIText.isDigit(byte) || ASCIIText.isJoiner(byte)
    }
    guard
      ASCIIText.matches(name[...].utf8, limit: Self.byteLimit, first: isPart, rest: isPart),
      log.version == 4, log.hasStandardVariant, (1...Limits.integerMagnitude).contains(incarnation)
    else { return nil }
    self.name = name
    self.log = log
    self.incarnation = incarnation
    guard description.utf8.count <= Self.byteLimit else { return nil }
  }

  package init(parsing text: String) throws(IdentifierError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, let log = UUIDBits(String(parts[1])),
      let incarnation = ASCIIText.positiveNumber(parts[2]),
      let origin = Self(name: String(parts[0]), log: log, incarnation: incarnation)
    else {
      throw IdentifierError(
        noun: "ledger origin", text: text,
        form: "NAME/UUID/INCARNATION with a UUID of version 4, at most 255 bytes")
    }
    self = origin
  }

  /// A log id from 16 random bytes, version and variant set over them.
  package static func makeLog(random: [UInt8]) -> UUIDBits {
    precondition(random.count == 16, "a log id needs 16 random bytes, not \(random.count)")
    let high = random.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let low = random.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return UUIDBits(
      high: high & ~0xF000 | 0x4000, low: low & ((1 << 62) - 1) | 0b10 << 62)
  }
}

extension Origin: CustomStringConvertible {
  package var description: String { "\(name)/\(log.text)/\(incarnation)" }
}
