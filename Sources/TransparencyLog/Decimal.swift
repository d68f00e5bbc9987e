/// Whole numbers in the one spelling that notes allow: digits without a leading zero.
enum Decimal {
  /// Nil unless `text` is 0 or starts with 1...9, and is at most `max`.
  static func value(of text: some StringProtocol, max: Int) -> Int? {
    guard let value = Int(text), value >= 0, value <= max, String(value) == text else { return nil }
    return value
  }
}
