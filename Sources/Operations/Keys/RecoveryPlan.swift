/// How many recovery keys a ledger begins with, and how many of them sign together.
///
/// The threshold stands in genesis and never changes; keys can come and go.
package struct RecoveryPlan: Sendable, Equatable {
  /// Genesis registers 8 keys at most, and four others are needed.
  package static let keysMax = 4

  package let keys: Int
  package let threshold: Int

  /// - Parameters:
  ///   - keys: From 1 to ``keysMax``; nil for one.
  ///   - threshold: From 1 to `keys`; nil for a majority, so that one lost or stolen key of three
  ///     neither ends the ledger nor takes it over.
  package init(keys: Int? = nil, threshold: Int? = nil) {
    self.keys = keys ?? 1
    self.threshold = threshold ?? self.keys / 2 + 1
  }

  /// - Throws: ``InitializationError/recoveryKeys(_:)``,
  ///   ``InitializationError/recoveryThreshold(_:keys:)``.
  func check() throws(InitializationError) {
    guard (1...Self.keysMax).contains(keys) else { throw .recoveryKeys(keys) }
    guard (1...keys).contains(threshold) else {
      throw .recoveryThreshold(threshold, keys: keys)
    }
  }
}
