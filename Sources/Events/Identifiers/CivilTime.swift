/// A moment as calendar fields, between ``Timestamp`` and its text.
///
/// Days are counted in eras of 400 years (146,097 days) that start on 1 March, so that the leap day
/// is the last of its year.
struct CivilTime: Hashable, Sendable {
  let year: Int
  let month: Int
  let day: Int
  /// Within the day, 0..<86,400,000,000.
  let microsecondOfDay: Int64

  private static let microsecondsPerDay: Int64 = 86_400_000_000

  init(_ timestamp: Timestamp) {
    let days = Int(timestamp.microseconds / Self.microsecondsPerDay)
    microsecondOfDay = timestamp.microseconds % Self.microsecondsPerDay
    (year, month, day) = Self.date(daysSince1970: days)
  }

  /// Reads the digits of `yyyy-mm-ddThh:mm:ss.ffffffZ`; the caller has checked the separators.
  init?(digitsOf text: UnsafeRawBufferPointer) {
    guard let year = Self.number(text, 0, 4), let month = Self.number(text, 5, 2),
      let day = Self.number(text, 8, 2), let hour = Self.number(text, 11, 2),
      let minute = Self.number(text, 14, 2), let second = Self.number(text, 17, 2),
      let fraction = Self.number(text, 20, 6)
    else { return nil }
    self.init(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second,
      microsecond: fraction)
  }

  /// `nil` unless the date exists and the time is within its day.
  init?(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0,
    microsecond: Int = 0
  ) {
    guard (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year),
      (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
    let seconds = Int64(hour * 3_600 + minute * 60 + second)
    microsecondOfDay = seconds * 1_000_000 + Int64(microsecond)
  }

  /// Since 1970-01-01T00:00:00Z; negative before.
  var microseconds: Int64 {
    Int64(Self.daysSince1970(year, month, day)) * Self.microsecondsPerDay + microsecondOfDay
  }

  var text: String {
    let seconds = Int(microsecondOfDay / 1_000_000)
    let date = "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    let hour = Self.padded(seconds / 3_600, 2)
    let minute = Self.padded(seconds / 60 % 60, 2)
    let second = Self.padded(seconds % 60, 2)
    let fraction = Self.padded(Int(microsecondOfDay % 1_000_000), 6)
    return "\(date)T\(hour):\(minute):\(second).\(fraction)Z"
  }

  static func separatorsMatch(_ text: UnsafeRawBufferPointer) -> Bool {
    text[4] == UInt8(ascii: "-") && text[7] == UInt8(ascii: "-") && text[10] == UInt8(ascii: "T")
      && text[13] == UInt8(ascii: ":") && text[16] == UInt8(ascii: ":")
      && text[19] == UInt8(ascii: ".") && text[26] == UInt8(ascii: "Z")
  }

  private static func number(
    _ text: UnsafeRawBufferPointer, _ start: Int, _ count: Int
  ) -> Int? {
    var number = 0
    for index in start..<start + count {
      let byte = text[index]
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return number
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days before the month that is `index` months after March.
  private static func daysBefore(monthFromMarch index: Int) -> Int { (153 * index + 2) / 5 }

  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shiftedYear = month > 2 ? year : year - 1
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear % 400
    let dayOfYear = daysBefore(monthFromMarch: (month + 9) % 12) + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468  // 1970-01-01 is day 719,468 after 0000-03-01.
  }

  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let dayOfEra = shifted % 146_097
    let leapDaysRemoved = dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096
    let yearOfEra = leapDaysRemoved / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + shifted / 146_097 * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - daysBefore(monthFromMarch: monthFromMarch) + 1)
  }
}
