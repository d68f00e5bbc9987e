/// Moments that come again and again, as the five fields of POSIX crontab: minute, hour, day of the
/// month, month, day of the week; always in UTC.
///
/// A field is `*` or a list of numbers, ranges (`1-5`) and steps (`*/15`, `8-18/2`); Sunday is 0
/// and 7. Where both the day of the month and the day of the week say something, either is enough.
/// Names such as `FRI` are not read.
///
/// Source: POSIX.1-2024, crontab; checked against PyPI's `croniter`.
package struct CronExpression: Hashable, Sendable {
  package static let byteLimit = 200

  /// With one blank between two fields: the only text that is recorded.
  package let text: String
  private let minutes: CronField
  private let hours: CronField
  private let days: CronField
  private let months: CronField
  private let weekdays: CronField

  /// - Throws: ``CronFault``: it is no expression, or names a day that never comes.
  package init(parsing text: String) throws(CronFault) {
    guard text.utf8.count <= Self.byteLimit else {
      throw CronFault("is longer than \(Self.byteLimit) bytes")
    }
    let fields = text.split(separator: " ")
    guard fields.count == CronField.Unit.allCases.count else {
      throw CronFault("has \(fields.count) fields, and it takes \(CronField.Unit.allCases.count)")
    }
    self.text = fields.joined(separator: " ")
    minutes = try CronField(parsing: fields[0], as: .minute)
    hours = try CronField(parsing: fields[1], as: .hour)
    days = try CronField(parsing: fields[2], as: .day)
    months = try CronField(parsing: fields[3], as: .month)
    weekdays = try CronField(parsing: fields[4], as: .weekday)
    guard everComes else { throw CronFault("names a day that never comes") }
  }

  /// The latest of its moments among the `minutes` that end with the one of `moment`.
  ///
  /// - Complexity: O(days among the minutes).
  package func latest(upTo moment: Timestamp, within minutes: Int) -> Timestamp? {
    let now = Int(moment.microseconds / Self.microsecondsPerMinute)
    let first = max(0, now - minutes + 1)
    for day in stride(from: now / Self.minutesPerDay, through: first / Self.minutesPerDay, by: -1)
    where isDay(day) {
      let limit = min(now - day * Self.minutesPerDay, Self.minutesPerDay - 1)
      if let minute = lastMinute(upTo: limit) {
        let found = day * Self.minutesPerDay + minute
        return found < first
          ? nil : Timestamp(microseconds: Int64(found) * Self.microsecondsPerMinute)
      }
    }
    return nil
  }

  private static let minutesPerDay = 1_440
  private static let microsecondsPerMinute: Int64 = 60_000_000

  /// - Parameter day: Since 1970-01-01, a Thursday.
  private func isDay(_ day: Int) -> Bool {
    let microseconds = Int64(day * Self.minutesPerDay) * Self.microsecondsPerMinute
    guard let midnight = Timestamp(microseconds: microseconds) else { return false }
    let date = CivilTime(midnight)
    guard months.allows(date.month) else { return false }
    let isDayOfMonth = days.allows(date.day)
    let isDayOfWeek = weekdays.allows((day + 4) % 7)
    return days.isAny || weekdays.isAny
      ? isDayOfMonth && isDayOfWeek : isDayOfMonth || isDayOfWeek
  }

  /// Of a day that is one of its days.
  private func lastMinute(upTo limit: Int) -> Int? {
    let hour = limit / 60
    if hours.allows(hour), let minute = minutes.last(upTo: limit % 60) { return hour * 60 + minute }
    guard let earlier = hours.last(upTo: hour - 1), let minute = minutes.last(upTo: 59) else {
      return nil
    }
    return earlier * 60 + minute
  }

  /// Whether there is such a day in any year, leap years included.
  private var everComes: Bool {
    guard weekdays.isAny else { return true }
    return (1...12).contains { month in
      months.allows(month)
        && (1...CivilTime.days(in: month, of: Self.leapYear)).contains(where: days.allows)
    }
  }

  private static let leapYear = 2000
}

/// What is wrong with a text that is to be a cron expression, as a clause after it.
package struct CronFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let description: String

  init(_ description: String) { self.description = description }
}

extension CronExpression: TextValue {
  package static var expected: String { "five fields of cron, with one blank between two" }

  package init?(dataText: String) {
    guard let parsed = try? Self(parsing: dataText), parsed.text == dataText else { return nil }
    self = parsed
  }

  package var dataText: String { text }
}

extension CronExpression: CustomStringConvertible {
  package var description: String { text }
}
