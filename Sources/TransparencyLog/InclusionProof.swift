import CanonicalJSON

/// The hashes that lead from one leaf to the root of a tree.
///
/// Without the tree's size a proof says nothing, and the root must come from a checkpoint, never
/// from whoever brings the proof.
@frozen
@usableFromInline
package struct InclusionProof: Hashable, Sendable {
  /// Index of the leaf, from 0.
  @usableFromInline package let leaf: Int
  @usableFromInline package let treeSize: Int
  /// The leaf's sibling first.
  @usableFromInline package let hashes: [Digest]

  @inlinable
  package init(leaf: Int, treeSize: Int, hashes: [Digest]) {
    self.leaf = leaf
    self.treeSize = treeSize
    self.hashes = hashes
  }
}

/// Proves that leaf `leaf` is in the tree of the log's first `treeSize` leaves.
///
/// - Parameters:
///   - leaf: Index of the leaf, from 0; less than `treeSize`.
///   - treeSize: How many leaves the tree has, from 1 to 2⁴⁰.
///   - reader: Where stored hashes are read from; asked for complete nodes only.
/// - Returns: At most ⌈log₂ treeSize⌉ hashes, the leaf's sibling first.
/// - Throws: ``TransparencyLogError/leafOutsideTree(leaf:treeSize:)`` before reading anything; what
///   the reader throws.
/// - Complexity: O(log treeSize) hashes read and made.
///
/// Source: RFC 6962 §2.1.1. Checked against `Fixtures/merkle.json` of the tests, which a second
/// implementation (`tools/merkle-vectors.py`) made.
@inlinable
package func inclusionProof(
  of leaf: Int, inTreeOf treeSize: Int, from reader: some HashReader,
  using hasher: some TreeHashing
) throws -> InclusionProof {
  guard leaf >= 0, leaf < treeSize, treeSize <= Tree.sizeMax else {
    throw TransparencyLogError.leafOutsideTree(leaf: leaf, treeSize: treeSize)
  }
  var hashes: [Digest] = []
  var range = 0..<treeSize
  while range.count > 1 {
    let middle = range.lowerBound + Tree.leftSize(of: range.count)
    let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
    hashes.append(try reader.subtree(leaf < middle ? right : left, using: hasher))
    range = leaf < middle ? left : right
  }
  return InclusionProof(leaf: leaf, treeSize: treeSize, hashes: hashes.reversed())
}

extension InclusionProof {
  /// Whether the tree with this root has a leaf of this hash at this place.
  @inlinable
  package func isValid(
    leafHash: Digest, root: Digest, using hasher: some TreeHashing
  ) -> Bool {
    self.root(fromLeafHash: leafHash, using: hasher) == root
  }

  /// The root that the hashes lead to, or nil when there are too few or too many of them for the
  /// place.
  ///
  /// Source: RFC 9162 §2.1.3.2; its names are `fn` for `node` and `sn` for `last`.
  @inlinable
  package func root(fromLeafHash leafHash: Digest, using hasher: some TreeHashing) -> Digest? {
    guard leaf >= 0, leaf < treeSize else { return nil }
    var node = leaf
    var last = treeSize - 1
    var root = leafHash
    for hash in hashes {
      guard last != 0 else { return nil }
      if node & 1 == 1 || node == last {
        root = hasher.node(hash, root)
        // A node without a right sibling is carried up to the level where it is a right child.
        let skipped = node & 1 == 1 || node == 0 ? 0 : node.trailingZeroBitCount
        node >>= skipped
        last >>= skipped
      } else {
        root = hasher.node(root, hash)
      }
      node >>= 1
      last >>= 1
    }
    return last == 0 ? root : nil
  }
}
