/// A month of UTC: what budgets are counted by.
package struct CalendarMonth: Hashable, Comparable, Sendable {
  /// The first moment of it.
  package let start: Timestamp
  /// The first moment of the next one; the calendar's end for its last month.
  package let end: Timestamp

  /// The month that `time` is in.
  package init(of time: Timestamp) {
    let civil = CivilTime(time)
    start = Self.first(ofMonth: civil.month, of: civil.year)
    end =
      civil.month == 12
      ? Self.first(ofMonth: 1, of: civil.year + 1)
      : Self.first(ofMonth: civil.month + 1, of: civil.year)
  }

  private static func first(ofMonth month: Int, of year: Int) -> Timestamp {
    CivilTime(year: year, month: month, day: 1)
      .flatMap { Timestamp(microseconds: $0.microseconds) } ?? .latest
  }

  package func contains(_ time: Timestamp) -> Bool { start <= time && time < end }

  package static func < (left: Self, right: Self) -> Bool { left.start < right.start }
}

extension CalendarMonth: CustomStringConvertible {
  /// `2026-11`.
  package var description: String { String("\(start)".prefix(7)) }
}

extension Timestamp {
  private static let dayMicroseconds: Int64 = 86_400_000_000

  /// The first moment of its day of UTC.
  package var startOfDay: Timestamp {
    Timestamp(microseconds: microseconds - microseconds % Self.dayMicroseconds) ?? .earliest
  }

  /// The first moment of the next day of UTC; the calendar's end on its last day.
  package var nextDay: Timestamp {
    Timestamp(microseconds: startOfDay.microseconds + Self.dayMicroseconds) ?? .latest
  }

  /// This moment where a day begins, or else the beginning of the next.
  package var endOfDays: Timestamp { self == startOfDay ? self : nextDay }
}
