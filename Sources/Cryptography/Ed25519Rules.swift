/// What is asked of a key and of a signature before libcrypto sees them, so that every
/// implementation accepts the same ones: libcrypto alone accepts some that others refuse.
///
/// Source: FORMAT.md, section Keys; RFC 8032 §5.1.7 for S < L.
enum Ed25519Rules {
  /// What is wrong with the encoding of a point, or nil.
  enum PointFault: Hashable, Sendable {
    /// y ≥ p = 2²⁵⁵−19: a second spelling of a smaller y.
    case notCanonical
    /// [8]P = 0: one of the eight points whose multiples say nothing about a key. Those with
    /// x = 0 and the sign bit set are among them.
    case smallOrder
  }

  /// - Precondition: 32 bytes, little endian, the sign of x in the top bit.
  static func fault(ofPoint encoding: some RandomAccessCollection<UInt8>) -> PointFault? {
    precondition(encoding.count == 32, "a point has 32 bytes, not \(encoding.count)")
    var y = Array(encoding)
    y[31] &= 0x7F
    guard isLess(y, prime) else { return .notCanonical }
    return smallOrderYs.contains(y) ? .smallOrder : nil
  }

  /// Whether S < L, the order of the base point: S + L would be a second signature.
  ///
  /// - Precondition: 32 bytes, little endian.
  static func isCanonical(scalar: some RandomAccessCollection<UInt8>) -> Bool {
    precondition(scalar.count == 32, "a scalar has 32 bytes, not \(scalar.count)")
    return isLess(Array(scalar), groupOrder)
  }

  /// Both little endian and of the same length.
  private static func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.reversed().lexicographicallyPrecedes(right.reversed())
  }

  /// p = 2²⁵⁵ − 19.
  private static let prime: [UInt8] = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]

  /// L = 2²⁵² + 27742317777372353535851937790883648493.
  private static let groupOrder: [UInt8] = [
    0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
  ]

  /// The canonical y of the eight points of order 1, 2, 4 and 8; with either sign of x each is
  /// one of them, or no point at all.
  ///
  /// On −x² + y² = 1 + d·x²·y² the neutral element is (0, 1) and the point of order 2 is (0, −1).
  /// Doubling gives y(2P) = (y² + x²) / (1 − d·x²·y²). Order 4 is 2P = (0, −1): y = 0. Order 8 is
  /// y(2P) = 0: x² = −y², and with the curve d·y⁴ + 2·y² − 1 = 0, which has the two roots ±y
  /// below. `Fixtures/torsion.py` of the tests finds the same eight points by another way.
  private static let smallOrderYs: Set<[UInt8]> = [
    [1] + [UInt8](repeating: 0, count: 31),
    [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    [UInt8](repeating: 0, count: 32),
    [
      0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F,
      0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
      0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6,
      0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ],
    [
      0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0,
      0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
      0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39,
      0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ],
  ]
}
