/// An integer modulo p = 2^255 − 19, as four words, least first; always fully reduced.
///
/// Only for the rules about keys, a few times a ledger: written to be read, not to be fast, and not
/// in constant time, because nothing here is secret.
struct FieldElement: Hashable {
  private var words: (UInt64, UInt64, UInt64, UInt64)

  static let zero = FieldElement(0)
  static let one = FieldElement(1)

  init(_ small: UInt64) { words = (small, 0, 0, 0) }

  private init(reducing words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
    while let less = FieldElement.minusPrime(self.words) { self.words = less }
  }

  /// 32 bytes, least first, below p; nil if the value is p or more. Bit 255 must be clear.
  init?(canonical bytes: [UInt8]) {
    words = (0, 0, 0, 0)
    for index in (0..<32).reversed() {
      words.3 = words.3 << 8 | words.2 >> 56
      words.2 = words.2 << 8 | words.1 >> 56
      words.1 = words.1 << 8 | words.0 >> 56
      words.0 = words.0 << 8 | UInt64(bytes[index])
    }
    if FieldElement.minusPrime(words) != nil { return nil }
  }

  static func == (left: Self, right: Self) -> Bool { left.words == right.words }

  func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }

  /// `words` − p, or nil if that is negative: adding 19 carries into bit 255 exactly from p on.
  private static func minusPrime(
    _ words: (UInt64, UInt64, UInt64, UInt64)
  ) -> (UInt64, UInt64, UInt64, UInt64)? {
    let (w0, c0) = words.0.addingReportingOverflow(19)
    let (w1, c1) = words.1.addingReportingOverflow(c0 ? 1 : 0)
    let (w2, c2) = words.2.addingReportingOverflow(c1 ? 1 : 0)
    let (w3, c3) = words.3.addingReportingOverflow(c2 ? 1 : 0)
    guard c3 || w3 >> 63 == 1 else { return nil }
    return (w0, w1, w2, w3 & 1 << 63 == 0 ? w3 | 1 << 63 : w3 & ~(1 << 63))
  }

  static func + (left: Self, right: Self) -> Self {
    let (w0, c0) = left.words.0.addingReportingOverflow(right.words.0)
    let (w1, c1) = FieldElement.sum(left.words.1, right.words.1, c0)
    let (w2, c2) = FieldElement.sum(left.words.2, right.words.2, c1)
    let (w3, _) = FieldElement.sum(left.words.3, right.words.3, c2)
    return FieldElement(reducing: (w0, w1, w2, w3))
  }

  private static func sum(_ left: UInt64, _ right: UInt64, _ carry: Bool) -> (UInt64, Bool) {
    let (first, one) = left.addingReportingOverflow(right)
    let (second, two) = first.addingReportingOverflow(carry ? 1 : 0)
    return (second, one || two)
  }

  /// p − `element`, written as the complement in p = 2^255 − 19 of a reduced value.
  static prefix func - (element: Self) -> Self {
    let (w0, b0) = (UInt64.max - 18).subtractingReportingOverflow(element.words.0)
    let (w1, b1) = difference(.max, element.words.1, b0)
    let (w2, b2) = difference(.max, element.words.2, b1)
    let (w3, _) = difference(.max >> 1, element.words.3, b2)
    return FieldElement(reducing: (w0, w1, w2, w3))
  }

  private static func difference(
    _ left: UInt64, _ right: UInt64, _ borrow: Bool
  ) -> (UInt64, Bool) {
    let (first, one) = left.subtractingReportingOverflow(right)
    let (second, two) = first.subtractingReportingOverflow(borrow ? 1 : 0)
    return (second, one || two)
  }

  static func - (left: Self, right: Self) -> Self { left + -right }

  /// p − 1.
  static let minusOne = FieldElement(
    reducing: (.max - 19, .max, .max, .max >> 1))

  static func * (left: Self, right: Self) -> Self {
    let a = [left.words.0, left.words.1, left.words.2, left.words.3]
    let b = [right.words.0, right.words.1, right.words.2, right.words.3]
    var product = [UInt64](repeating: 0, count: 8)
    for i in 0..<4 {
      var carry: UInt64 = 0
      for j in 0..<4 { carry = accumulate(&product[i + j], a[i], b[j], carry) }
      product[i + 4] = carry
    }
    // 2^256 = 38 modulo p.
    var carry: UInt64 = 0
    for i in 0..<4 { carry = accumulate(&product[i], product[i + 4], 38, carry) }
    var overflow = carry &* 38
    for i in 0..<4 where overflow != 0 {
      let (sum, carried) = product[i].addingReportingOverflow(overflow)
      product[i] = sum
      overflow = carried ? 1 : 0
    }
    if overflow != 0 { product[0] &+= 38 }
    return FieldElement(reducing: (product[0], product[1], product[2], product[3]))
  }

  /// `target` + `a` · `b` + `carry`; the low word stays in `target`, the high one is returned.
  private static func accumulate(
    _ target: inout UInt64, _ a: UInt64, _ b: UInt64, _ carry: UInt64
  ) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    let (first, one) = low.addingReportingOverflow(target)
    let (second, two) = first.addingReportingOverflow(carry)
    target = second
    return high &+ (one ? 1 : 0) &+ (two ? 1 : 0)
  }

  /// This element to the power 2^`exponent` − `less`, square and multiply; `less` below 2^6.
  func raised(toTwoTo exponent: Int, minus less: UInt64) -> Self {
    // 2^n − k in binary: ones down to bit 6, then the low six bits of 2^6 − k.
    var result = FieldElement.one
    for bit in (0..<exponent).reversed() {
      result = result * result
      if bit >= 6 || (64 - less) >> UInt64(bit) & 1 == 1 { result = result * self }
    }
    return result
  }

  /// 1 / this element, by Fermat: to the power p − 2 = 2^255 − 21.
  var inverse: Self { raised(toTwoTo: 255, minus: 21) }

  var isOdd: Bool { words.0 & 1 == 1 }
}
