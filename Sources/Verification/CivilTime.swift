/// The format's only spelling of time, `2026-11-22T15:04:05.123456Z`, as microseconds since 1970.
///
/// Proleptic Gregorian calendar, UTC, 1970 to 9999, no leap seconds. Days are counted with
/// H. Hinnant's `days_from_civil` (chrono-compatible low-level date algorithms).
enum CivilTime {
  static let characterCount = 27
  static let microsecondsPerDay: Int64 = 86_400_000_000
  /// One microsecond before the year 10000.
  static let last: Int64 = 253_402_300_799_999_999

  static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
    // A year that begins in March ends with the leap day.
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func dayCount(year: Int64, month: Int64) -> Int64 {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The 27 characters of `microseconds`, from 0 to ``last``.
  static func text(_ microseconds: Int64) -> String {
    func padded(_ value: Int64, _ digits: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: digits - text.utf8.count) + text
    }
    let date = civil(day: microseconds / microsecondsPerDay)
    let time = microseconds % microsecondsPerDay
    return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2) + "T"
      + padded(time / 3_600_000_000, 2) + ":" + padded(time / 60_000_000 % 60, 2) + ":"
      + padded(time / 1_000_000 % 60, 2) + "." + padded(time % 1_000_000, 6) + "Z"
  }

  private static func civil(day: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = day + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9)
    return (
      yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
      dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    )
  }
}

extension ByteReader {
  /// 27 characters in quotes, as microseconds since 1970.
  mutating func quotedTime() throws(FormFault) -> Int64 {
    try demand("\"")
    let start = offset
    let text = try slice(CivilTime.characterCount, "a time")
    guard let value = CivilTime.microseconds(text) else {
      throw FormFault(offset: start, expected: "a time, 2026-11-22T15:04:05.123456Z")
    }
    try demand("\"")
    return value
  }
}

extension CivilTime {
  /// Microseconds since 1970 of exactly 27 characters; nil if they are no such time.
  static func microseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
    var faulty = false
    func number(_ first: Int, _ count: Int) -> Int64 {
      var value: Int64 = 0
      for index in first..<first + count {
        let digit = text[index] &- UInt8(ascii: "0")
        faulty = faulty || digit > 9
        value = value * 10 + Int64(digit & 15)
      }
      return value
    }
    let (year, month, day) = (number(0, 4), number(5, 2), number(8, 2))
    let (hour, minute, second) = (number(11, 2), number(14, 2), number(17, 2))
    let fraction = number(20, 6)
    let marks: [(Int, UInt8)] = [
      (4, 0x2d), (7, 0x2d), (10, 0x54), (13, 0x3a), (16, 0x3a), (19, 0x2e), (26, 0x5a),
    ]
    guard !faulty, marks.allSatisfy({ text[$0.0] == $0.1 }),
      year >= 1970, (1...12).contains(month),
      (1...dayCount(year: year, month: month)).contains(day),
      hour <= 23, minute <= 59, second <= 59
    else { return nil }
    return daysSince1970(year: year, month: month, day: day) * microsecondsPerDay
      + ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
  }
}
