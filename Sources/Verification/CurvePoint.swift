/// A point of edwards25519, −x² + y² = 1 + d·x²·y², in affine coordinates.
///
/// For FORMAT.md's rules about keys, checked before any library sees the bytes. The formulas are
/// RFC 8032 §5.1.3's.
struct CurvePoint: Hashable {
  let x: FieldElement
  let y: FieldElement

  /// d = −121665 / 121666.
  private static let d = -FieldElement(121_665) * FieldElement(121_666).inverse
  /// A square root of −1: 2 to the power (p − 1) / 4 = 2^253 − 5.
  private static let rootOfMinusOne = FieldElement(2).raised(toTwoTo: 253, minus: 5)

  private init(x: FieldElement, y: FieldElement) {
    self.x = x
    self.y = y
  }

  /// Reads 32 bytes; nil unless y < p, the point is on the curve, and x ≠ 0 when its sign bit is
  /// set.
  init?(decoding bytes: [UInt8]) {
    var magnitude = bytes
    let isNegative = magnitude[31] >> 7 == 1
    magnitude[31] &= 0x7f
    guard let y = FieldElement(canonical: magnitude),
      let root = CurvePoint.root(of: y * y - .one, over: CurvePoint.d * y * y + .one),
      root != .zero || !isNegative
    else { return nil }
    self.init(x: root.isOdd == isNegative ? root : -root, y: y)
  }

  /// x with x² = u / v, if there is one (RFC 8032 §5.1.3, steps 2 and 3).
  private static func root(of u: FieldElement, over v: FieldElement) -> FieldElement? {
    let cube = v * v * v
    // (p − 5) / 8 = 2^252 − 3.
    let candidate = u * cube * (u * cube * cube * v).raised(toTwoTo: 252, minus: 3)
    let square = v * candidate * candidate
    if square == u { return candidate }
    return square == -u ? candidate * rootOfMinusOne : nil
  }

  /// Whether eight times this point is the neutral one.
  var isOfSmallOrder: Bool {
    var (x, y, z) = (x, y, FieldElement.one)
    for _ in 0..<3 { (x, y, z) = CurvePoint.doubled(x, y, z) }
    return x == .zero && y == z
  }

  /// Twice the point (x/z, y/z), for a = −1: `dbl-2008-bbjlp` of the Explicit-Formulas Database.
  private static func doubled(
    _ x: FieldElement, _ y: FieldElement, _ z: FieldElement
  ) -> (FieldElement, FieldElement, FieldElement) {
    let (b, c, d) = ((x + y) * (x + y), x * x, y * y)
    let f = d - c
    let j = f - z * z - z * z
    return ((b - c - d) * j, f * (-c - d), f * j)
  }
}
