import CanonicalJSON

/// The hashes that show one tree to be the beginning of another.
@frozen
@usableFromInline
package struct ConsistencyProof: Hashable, Sendable {
  /// Leaves of the earlier tree.
  @usableFromInline package let from: Int
  /// Leaves of the later tree.
  @usableFromInline package let to: Int
  @usableFromInline package let hashes: [Digest]

  @inlinable
  package init(from: Int, to: Int, hashes: [Digest]) {
    self.from = from
    self.to = to
    self.hashes = hashes
  }
}

/// Proves that the log's first `from` leaves are the beginning of its first `to`.
///
/// - Parameters:
///   - from: Leaves of the earlier tree, 0...`to`.
///   - to: Leaves of the later tree, at most 2⁴⁰.
///   - reader: Where stored hashes are read from; asked for complete nodes only.
/// - Returns: At most ⌈log₂ to⌉ + 1 hashes; none when `from` is 0 or `to`.
/// - Throws: ``TransparencyLogError/sizesOutOfOrder(from:to:)`` before reading anything; what the
///   reader throws.
///
/// Source: RFC 6962 §2.1.2. Checked against `Fixtures/merkle.json` of the tests.
@inlinable
package func consistencyProof(
  from: Int, to: Int, from reader: some HashReader, using hasher: some TreeHashing
) throws -> ConsistencyProof {
  guard from >= 0, from <= to, to <= Tree.sizeMax else {
    throw TransparencyLogError.sizesOutOfOrder(from: from, to: to)
  }
  guard from > 0 else { return ConsistencyProof(from: from, to: to, hashes: []) }
  var hashes: [Digest] = []
  var range = 0..<to
  while range.upperBound != from {
    let middle = range.lowerBound + Tree.leftSize(of: range.count)
    let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
    hashes.append(try reader.subtree(from <= middle ? right : left, using: hasher))
    range = from <= middle ? left : right
  }
  // When it is the whole earlier tree, whoever checks has its root already.
  if range.lowerBound > 0 { hashes.append(try reader.subtree(range, using: hasher)) }
  return ConsistencyProof(from: from, to: to, hashes: hashes.reversed())
}

extension ConsistencyProof {
  /// Whether the tree of `from` leaves with `fromRoot` is the beginning of the one of `to` leaves
  /// with `toRoot`.
  ///
  /// Source: RFC 9162 §2.1.4.2; its names are `fn` for `node` and `sn` for `last`. Everything
  /// begins with the empty tree, whose one root is that of no leaves.
  @inlinable
  package func isValid(
    fromRoot: Digest, toRoot: Digest, using hasher: some TreeHashing
  ) -> Bool {
    guard from >= 0, from <= to else { return false }
    if from == to { return hashes.isEmpty && fromRoot == toRoot }
    if from == 0 { return hashes.isEmpty && fromRoot == hasher.empty }
    let isComplete = from & (from - 1) == 0
    guard let first = isComplete ? fromRoot : hashes.first else { return false }
    let rest = isComplete ? hashes[...] : hashes.dropFirst()
    return roots(from: first, over: rest, using: hasher).map { $0 == (fromRoot, toRoot) } ?? false
  }

  /// The two roots that `hashes` lead to from the node that both trees share, or nil when there
  /// are too few or too many.
  @inlinable
  func roots(
    from first: Digest, over hashes: ArraySlice<Digest>, using hasher: some TreeHashing
  ) -> (Digest, Digest)? {
    let shared = (~(from - 1)).trailingZeroBitCount
    var node = (from - 1) >> shared
    var last = (to - 1) >> shared
    var roots = (first, first)
    for hash in hashes {
      guard last != 0 else { return nil }
      if node & 1 == 1 || node == last {
        roots = (hasher.node(hash, roots.0), hasher.node(hash, roots.1))
        // A node without a right sibling is carried up to the level where it is a right child.
        let skipped = node & 1 == 1 || node == 0 ? 0 : node.trailingZeroBitCount
        node >>= skipped
        last >>= skipped
      } else {
        roots.1 = hasher.node(roots.1, hash)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 ? roots : nil
  }
}
