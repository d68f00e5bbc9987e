/// The bounds of the ledger's JSON profile; a text outside them is refused.
///
/// Source: FORMAT.md, section JSON.
package enum JSONLimits {
  /// Open brackets at any point, objects and arrays together.
  package static let depth = 16
  /// Bytes of a key, a leading `$` included; at least one.
  package static let keyBytes = 160
  /// 2⁵³−1, the largest integer that every JSON reader holds exactly. The smallest is its negative.
  package static let integerMagnitude: Int64 = 9_007_199_254_740_991
}
