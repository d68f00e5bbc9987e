/// Why no proof can exist for what was asked.
@usableFromInline
package enum TransparencyLogError: Error, Hashable, Sendable {
  case leafOutsideTree(leaf: Int, treeSize: Int)
  /// Consistency is asked from a smaller tree to a larger or equal one.
  case sizesOutOfOrder(from: Int, to: Int)
}

extension TransparencyLogError: CustomStringConvertible {
  @usableFromInline package var description: String {
    switch self {
    case .leafOutsideTree(let leaf, let treeSize):
      "Nothing was proven: entry \(leaf) is not among the first \(treeSize)."
    case .sizesOutOfOrder(let from, let to):
      "Nothing was proven: a log of \(from) entries cannot grow into one of \(to)."
    }
  }
}
