/// An amount of memory or storage in whole bytes: Kubernetes' `memory` and `storage`.
///
/// `Ki`, `Mi`, `Gi`, `Ti`, `Pi` count by 1,024, `k`, `M`, `G`, `T`, `P` by 1,000, and no suffix
/// means bytes. `1.5Gi` is fine, because it is a whole number of bytes; `0.1Ki` is not.
///
/// Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
package struct ByteQuantity: Hashable, Sendable {
  /// 1...2⁵³−1: up to 8 PiB, what the ledger's numbers hold.
  package let bytes: Int

  package static let range = 1...9_007_199_254_740_991

  package init?(bytes: Int) {
    guard Self.range.contains(bytes) else { return nil }
    self.bytes = bytes
  }

  /// - Parameter text: `512Mi`, `1G`, `1.5Gi` or a number of bytes.
  package init(parsing text: String) throws(QuantityError) {
    let suffix = String(text.reversed().prefix { $0.isLetter }.reversed())
    guard let number = DecimalNumber(String(text.dropLast(suffix.count))) else { throw .form }
    guard let unit = Self.units.first(where: { $0.suffix == suffix }) else {
      throw Self.error(forSuffix: suffix, of: text)
    }
    switch number.times(unit.bytes) {
    case .whole(let value):
      guard let quantity = ByteQuantity(bytes: value) else { throw .range }
      self = quantity
    case .fraction: throw .fraction
    case .tooLarge: throw .range
    }
  }

  private static let units: [(suffix: String, bytes: Int)] = [
    ("", 1),
    ("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40), ("Pi", 1 << 50),
    ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000), ("T", 1_000_000_000_000),
    ("P", 1_000_000_000_000_000),
  ]

  private static func error(forSuffix suffix: String, of text: String) -> QuantityError {
    if suffix == "m" { return .milliBytes }
    let letters = suffix.lowercased().filter { $0 != "b" }
    let meant = units.first { !$0.suffix.isEmpty && $0.suffix.lowercased() == letters }
    return meant.map { .suffix(suggestion: text.dropLast(suffix.count) + $0.suffix) } ?? .form
  }
}

extension ByteQuantity: Comparable {
  package static func < (left: ByteQuantity, right: ByteQuantity) -> Bool {
    left.bytes < right.bytes
  }
}

extension ByteQuantity: CustomStringConvertible {
  /// The one spelling that is recorded: the shortest that is exact, of equals the binary one.
  package var description: String {
    Self.units.filter { bytes.isMultiple(of: $0.bytes) }
      .map { "\(bytes / $0.bytes)\($0.suffix)" }
      .min {
        ($0.utf8.count, $0.hasSuffix("i") ? 0 : 1) < ($1.utf8.count, $1.hasSuffix("i") ? 0 : 1)
      }
      ?? "\(bytes)"
  }
}
