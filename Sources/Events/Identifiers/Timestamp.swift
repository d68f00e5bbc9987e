/// A moment in UTC, to the microsecond: what a clock said, never how long something took.
///
/// Its only text is 27 bytes, `2026-11-22T15:04:05.123456Z`; the proleptic Gregorian calendar, no
/// leap seconds, from 1970 to the end of 9999.
package struct Timestamp: Hashable, Comparable, Sendable {
  package static let textLength = 27
  package static let earliest = Timestamp(unchecked: 0)
  /// `9999-12-31T23:59:59.999999Z`.
  package static let latest = Timestamp(unchecked: 253_402_300_799_999_999)

  /// Since 1970-01-01T00:00:00Z, within ``earliest``...``latest``.
  package let microseconds: Int64

  /// `nil` outside ``earliest``...``latest``.
  package init?(microseconds: Int64) {
    guard (Self.earliest.microseconds...Self.latest.microseconds).contains(microseconds) else {
      return nil
    }
    self.microseconds = microseconds
  }

  package init(parsing text: String) throws(IdentifierError) {
    var bytes = text
    let parsed = bytes.withUTF8 { Timestamp(ascii: UnsafeRawBufferPointer($0)) }
    guard let parsed else {
      throw IdentifierError(
        noun: "time", text: text, form: "UTC with microseconds, like 2026-11-22T15:04:05.123456Z")
    }
    self = parsed
  }

  /// Reads exactly the 27 bytes of the text; a day that does not exist gives `nil`.
  package init?(ascii text: UnsafeRawBufferPointer) {
    guard text.count == Self.textLength, CivilTime.separatorsMatch(text),
      let civil = CivilTime(digitsOf: text)
    else { return nil }
    self.init(microseconds: civil.microseconds)
  }

  private init(unchecked microseconds: Int64) { self.microseconds = microseconds }

  /// This moment moved by `milliseconds`, which may be negative; held at the calendar's ends.
  package func adding(milliseconds: Int) -> Timestamp {
    let (shift, tooLong) = Int64(milliseconds).multipliedReportingOverflow(by: 1_000)
    let (moved, overflow) = microseconds.addingReportingOverflow(shift)
    if tooLong || overflow { return milliseconds < 0 ? .earliest : .latest }
    return Timestamp(
      unchecked: min(max(moved, Self.earliest.microseconds), Self.latest.microseconds))
  }

  /// Microseconds from `earlier` to this moment; negative when it is the other way round.
  package func microseconds(since earlier: Timestamp) -> Int64 {
    microseconds - earlier.microseconds
  }

  /// To the second, for people: `2026-11-22 15:04:05Z`.
  package var seconds: String { description.prefix(19).replacing("T", with: " ") + "Z" }

  package static func < (left: Self, right: Self) -> Bool {
    left.microseconds < right.microseconds
  }
}

extension Timestamp: CustomStringConvertible {
  package var description: String { CivilTime(self).text }
}
