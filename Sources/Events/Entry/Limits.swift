/// The bounds of format version 1, in one place.
package enum Limits {
  /// A line with its header, signatures and time, without a line feed.
  package static let lineBytes = 65_535
  package static let bodyBytes = 1_048_576
  package static let eventsPerEntry = 1_000
  package static let entries = 1 << 40
  package static let signaturesPerEntry = 8
  /// Keys that genesis registers, all of which co-sign it.
  package static let genesisKeys = 8
  package static let saltBytes = 16
  /// Integers in a ledger lie within ± this, 2^53 − 1.
  package static let integerMagnitude = 9_007_199_254_740_991
  /// How far `at` and `recorded` may lie apart, unless every kind of the entry is late.
  package static let clockSkewMicroseconds: Int64 = 15 * 60 * 1_000_000
}
