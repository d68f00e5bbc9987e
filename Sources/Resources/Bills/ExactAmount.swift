import Events

/// A sum of money before it is rounded, so that what a bill says in many decimals adds up to what
/// the bill says: no binary fraction is ever involved.
package struct ExactAmount: Hashable, Sendable {
  /// How many decimals one may have.
  package static let decimals = 30
  /// Of ten, by their exponents.
  private static let powers: [Int128] = (0..<decimals).reduce(into: [1]) { powers, _ in
    powers.append(powers[powers.count - 1] * 10)
  }
  private static let scale = powers[decimals]
  private static let micro = powers[decimals - 6]

  private var whole: Int
  /// In units of the last decimal, less than a whole one, with the sign of the sum.
  private var fraction: Int128

  package static let zero = ExactAmount(whole: 0, fraction: 0)

  private init(whole: Int, fraction: Int128) {
    self.whole = whole
    self.fraction = fraction
  }

  /// Reads what FOCUS calls a numeric value: `12`, `-0.5`, `3.5E-7`; `.5` as some exports have it.
  ///
  /// Nil for anything else, for more than ``decimals`` decimals that are no zeros, and for more
  /// than 18 digits before the point.
  package init?(parsing text: some StringProtocol) {
    var rest = Substring(text).utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    let whole = Self.digits(&rest)
    var digits = whole
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      let decimals = Self.digits(&rest)
      guard !decimals.isEmpty else { return nil }
      digits += decimals
    }
    guard !digits.isEmpty, let exponent = Self.exponent(rest) else { return nil }
    self.init(digits: digits, pointAfter: whole.count + exponent, isNegative: isNegative)
  }

  /// - Parameter point: How many of the digits stand before the decimal point; may be beyond them.
  private init?(digits: [Int128], pointAfter point: Int, isNegative: Bool) {
    guard let first = digits.firstIndex(where: { $0 != 0 }) else {
      self = .zero
      return
    }
    let significant = digits[first..<(digits.lastIndex { $0 != 0 } ?? first) + 1]
    guard point - first <= 18, significant.endIndex - point <= Self.decimals else { return nil }
    var whole = 0
    var fraction: Int128 = 0
    for index in significant.indices {
      let place = point - index - 1
      if place >= 0 {
        whole += Int(significant[index] * Self.powers[place])
      } else {
        fraction += significant[index] * Self.powers[Self.decimals + place]
      }
    }
    self.init(whole: isNegative ? -whole : whole, fraction: isNegative ? -fraction : fraction)
  }

  private static func digits(_ text: inout Substring.UTF8View.SubSequence) -> [Int128] {
    let found = text.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    text = text.dropFirst(found.count)
    return found.map { Int128($0 - UInt8(ascii: "0")) }
  }

  /// 0 for nothing; nil for what is no exponent.
  private static func exponent(_ text: Substring.UTF8View.SubSequence) -> Int? {
    guard let mark = text.first else { return 0 }
    guard mark == UInt8(ascii: "E") || mark == UInt8(ascii: "e") else { return nil }
    var rest = text.dropFirst()
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let digits = digits(&rest)
    guard rest.isEmpty, (1...3).contains(digits.count) else { return nil }
    let value = digits.reduce(0) { $0 * 10 + Int($1) }
    return isNegative ? -value : value
  }

  /// - Returns: Nil beyond 64 bits of whole units.
  package func adding(_ other: ExactAmount) -> ExactAmount? {
    let (whole, overflow) = self.whole.addingReportingOverflow(other.whole)
    guard !overflow else { return nil }
    return Self.balanced(whole, fraction + other.fraction)
  }

  /// - Returns: Nil beyond 64 bits of whole units.
  package func subtracting(_ other: ExactAmount) -> ExactAmount? {
    adding(ExactAmount(whole: -other.whole, fraction: -other.fraction))
  }

  /// With a fraction of less than a whole and of the same sign.
  private static func balanced(_ whole: Int, _ fraction: Int128) -> ExactAmount? {
    let (carry, rest) = fraction.quotientAndRemainder(dividingBy: scale)
    var (units, overflow) = whole.addingReportingOverflow(Int(carry))
    var fraction = rest
    if units > 0, fraction < 0 { (units, fraction) = (units - 1, fraction + scale) }
    if units < 0, fraction > 0 { (units, fraction) = (units + 1, fraction - scale) }
    return overflow ? nil : ExactAmount(whole: units, fraction: fraction)
  }

  /// As an event can have it: to the nearest millionth, from the middle to the even one.
  ///
  /// - Returns: Nil beyond the ledger's integers.
  package var micros: Int? {
    let (parts, rest) = fraction.quotientAndRemainder(dividingBy: Self.micro)
    let isUp =
      rest.magnitude * 2 > Self.micro.magnitude
      || rest.magnitude * 2 == Self.micro.magnitude && !parts.isMultiple(of: 2)
    let rounded = Int(parts) + (isUp ? Int(rest.signum()) : 0)
    let (millionths, tooLarge) = whole.multipliedReportingOverflow(by: 1_000_000)
    let (sum, overflow) = millionths.addingReportingOverflow(rounded)
    guard !tooLarge, !overflow, sum.magnitude <= Limits.integerMagnitude else { return nil }
    return sum
  }

  package init(micros: Int) {
    let (whole, rest) = micros.quotientAndRemainder(dividingBy: 1_000_000)
    self.init(whole: whole, fraction: Int128(rest) * Self.micro)
  }
}

extension ExactAmount: CustomStringConvertible {
  /// With the decimals that there are, two at least: `-0.0000000116`.
  package var description: String {
    var decimals = String("\(Self.scale.magnitude + fraction.magnitude)".dropFirst())
    while decimals.utf8.count > 2, decimals.last == "0" { decimals.removeLast() }
    return "\(whole < 0 || fraction < 0 ? "-" : "")\(whole.magnitude).\(decimals)"
  }
}
