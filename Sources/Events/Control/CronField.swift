/// The values that one field of a cron expression allows.
struct CronField: Hashable, Sendable {
  /// Bit n is set where n is allowed.
  private let bits: UInt64
  /// Whether it is `*`: of the two fields for days, such a one leaves the day to the other.
  let isAny: Bool

  func allows(_ value: Int) -> Bool { bits >> UInt64(value) & 1 == 1 }

  /// The greatest allowed value that is not above `limit`; nil where there is none.
  func last(upTo limit: Int) -> Int? {
    guard limit >= 0 else { return nil }
    let kept = bits & (limit >= 63 ? .max : (1 << UInt64(limit + 1)) - 1)
    return kept == 0 ? nil : 63 - kept.leadingZeroBitCount
  }

  /// What a field is about.
  enum Unit: String, CaseIterable {
    case minute, hour
    case day = "day of the month"
    case month
    /// 0 and 7 are Sunday.
    case weekday = "day of the week"

    var range: ClosedRange<Int> {
      switch self {
      case .minute: 0...59
      case .hour: 0...23
      case .day: 1...31
      case .month: 1...12
      case .weekday: 0...7
      }
    }
  }
}

extension CronField {
  /// - Throws: ``CronFault`` with what is wrong with it.
  init(parsing text: Substring, as unit: Unit) throws(CronFault) {
    var bits: UInt64 = 0
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      for value in try Self.values(of: item, as: unit) { bits |= 1 << UInt64(value) }
    }
    if unit == .weekday, bits >> 7 == 1 { bits = bits & 0x7F | 1 }
    self.bits = bits
    isAny = text == "*"
  }

  /// `*`, `5` or `1-5`, the first and the last perhaps with a step: `*/15`, `8-18/2`.
  private static func values(
    of item: Substring, as unit: Unit
  ) throws(CronFault) -> StrideThrough<Int> {
    let parts = item.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let range = try range(parts[0], as: unit)
    guard parts.count == 2 else { return stride(from: range.low, through: range.high, by: 1) }
    guard range.mayStep else {
      throw CronFault("has a step after one value in '\(item)', and it takes * or a range")
    }
    guard let step = number(parts[1]), (1...unit.range.upperBound).contains(step) else {
      throw CronFault(
        "has the step '\(parts[1])' for the \(unit.rawValue), and it takes 1 to "
          + "\(unit.range.upperBound)")
    }
    return stride(from: range.low, through: range.high, by: step)
  }

  private static func range(
    _ text: Substring, as unit: Unit
  ) throws(CronFault) -> (low: Int, high: Int, mayStep: Bool) {
    if text == "*" { return (unit.range.lowerBound, unit.range.upperBound, true) }
    let ends = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let low = try value(ends[0], as: unit)
    guard ends.count == 2 else { return (low, low, false) }
    let high = try value(ends[1], as: unit)
    guard low <= high else {
      throw CronFault("has the range \(text), which ends before it begins: write two, with a comma")
    }
    return (low, high, true)
  }

  private static func value(_ text: Substring, as unit: Unit) throws(CronFault) -> Int {
    guard let value = number(text), unit.range.contains(value) else {
      throw CronFault(
        "has '\(text)' for the \(unit.rawValue), and it takes numbers from "
          + "\(unit.range.lowerBound) to \(unit.range.upperBound)")
    }
    return value
  }

  private static func number(_ text: Substring) -> Int? {
    (1...2).contains(text.utf8.count) && text.utf8.allSatisfy(ASCIIText.isDigit) ? Int(text) : nil
  }
}
