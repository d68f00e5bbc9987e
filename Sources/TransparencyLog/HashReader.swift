import CanonicalJSON

/// Where the hashes of complete subtrees are read from.
@usableFromInline
package protocol HashReader {
  /// The root of the 2^`level` leaves from `index` · 2^`level`.
  func hash(level: Int, index: Int) throws -> Digest
}

extension HashReader {
  /// The root of the subtree over `range`, which is complete or the right edge of a tree.
  @inlinable
  func subtree(_ range: Range<Int>, using hasher: some TreeHashing) throws -> Digest {
    guard range.count & (range.count - 1) != 0 else {
      let level = range.count.trailingZeroBitCount
      return try hash(level: level, index: range.lowerBound >> level)
    }
    let middle = range.lowerBound + Tree.leftSize(of: range.count)
    return hasher.node(
      try subtree(range.lowerBound..<middle, using: hasher),
      try subtree(middle..<range.upperBound, using: hasher))
  }
}
