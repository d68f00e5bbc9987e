/// A number read from its decimal digits, exactly: no binary fraction is ever involved.
///
/// `0.1` is one tenth here, so that `0.1` seconds is 100 ms and a third decimal more is refused
/// instead of rounded.
struct DecimalNumber: Hashable, Sendable {
  /// The digits without the point, with their sign.
  let digits: Int
  /// How many of them stand after the point, 0...18.
  let decimals: Int

  /// Nil unless `text` is `-?digits[.digits]` without a superfluous leading zero, at most 18
  /// digits in all.
  init?(_ text: String) {
    guard let match = text.wholeMatch(of: #/(-?(?:0|[1-9][0-9]*))(?:\.([0-9]+))?/#) else {
      return nil
    }
    let fraction = match.2.map(String.init) ?? ""
    guard let digits = Int(match.1 + fraction), match.1.count + fraction.count <= 18 else {
      return nil
    }
    self.digits = digits
    decimals = fraction.count
  }

  enum Scaled: Hashable, Sendable {
    case whole(Int)
    /// The product has a fraction left.
    case fraction
    /// The product is beyond what 64 bits hold.
    case tooLarge
  }

  /// This number times `factor`, if that is whole.
  ///
  /// - Parameter factor: At least 1; 1,000 turns seconds into milliseconds.
  func times(_ factor: Int) -> Scaled {
    let (product, overflow) = digits.multipliedReportingOverflow(by: factor)
    guard !overflow else { return .tooLarge }
    let divisor = (0..<decimals).reduce(1) { power, _ in power * 10 }
    return product.isMultiple(of: divisor) ? .whole(product / divisor) : .fraction
  }

  /// `count` units of which `factor` make one, as the shortest decimal: 1,500 by 1,000 is `1.5`.
  ///
  /// - Precondition: the fraction ends, so `factor` has no prime but 2, 3 and 5, and what it
  ///   divides into ends after at most 18 decimals; anything else is written as `count/factor`.
  static func text(of count: Int, per factor: Int) -> String {
    let (whole, rest) = count.quotientAndRemainder(dividingBy: factor)
    guard rest != 0 else { return "\(whole)" }
    var decimals = ""
    var remainder = rest.magnitude
    while remainder != 0, decimals.count < 9 {
      remainder *= 10
      decimals += "\(remainder / factor.magnitude)"
      remainder %= factor.magnitude
    }
    guard remainder == 0 else { return "\(count)/\(factor)" }
    return (count < 0 && whole == 0 ? "-" : "") + "\(whole).\(decimals)"
  }
}
