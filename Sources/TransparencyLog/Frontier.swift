import CanonicalJSON

/// What must be kept of a tree to append to it and to know its root: one hash for each set bit of
/// its size, the roots of the largest complete subtrees from left to right.
@frozen
@usableFromInline
package struct Frontier: Hashable, Sendable {
  /// Leaves, at most 2⁴⁰.
  @usableFromInline var leaves: Int
  /// Largest subtree first.
  @usableFromInline var subtrees: [Digest]

  /// Of the tree without leaves.
  @inlinable
  package init() {
    leaves = 0
    subtrees = []
  }

  /// - Parameters:
  ///   - size: Number of leaves, 0...2⁴⁰.
  ///   - hashes: The subtrees' roots, largest first; as many as `size` has set bits.
  package init(size: Int, hashes: [Digest]) {
    precondition((0...Tree.sizeMax).contains(size), "a tree has at most 2^40 leaves: \(size)")
    precondition(
      hashes.count == size.nonzeroBitCount,
      "\(size) leaves make \(size.nonzeroBitCount) subtrees, not \(hashes.count)")
    leaves = size
    subtrees = hashes
  }

  /// The frontier that a tree had at `size` leaves; reads one node for each set bit.
  package init(size: Int, from reader: some HashReader) throws {
    var hashes: [Digest] = []
    for level in stride(from: Int.bitWidth - 2, through: 0, by: -1) where size >> level & 1 == 1 {
      hashes.append(try reader.hash(level: level, index: (size >> (level + 1)) << 1))
    }
    self.init(size: size, hashes: hashes)
  }

  @inlinable package var size: Int { leaves }

  @inlinable package var hashes: [Digest] { subtrees }
}

extension Frontier {
  /// Adds the hash of the next leaf.
  ///
  /// - Complexity: As many node hashes as the old size has trailing ones: one on average.
  @inlinable
  package mutating func append(_ leaf: Digest, using hasher: some TreeHashing) {
    append(leaf, using: hasher) { _, _, _ in }
  }

  /// Adds the hash of the next leaf, and tells `completed` of every node that it completes: the
  /// leaf itself as level 0, then its parents, each with its level, its index there, and its hash.
  /// What is told here is all that a ``HashReader`` is ever asked for.
  @inlinable
  package mutating func append(
    _ leaf: Digest, using hasher: some TreeHashing,
    completed: (_ level: Int, _ index: Int, _ hash: Digest) throws -> Void
  ) rethrows {
    precondition(leaves < Tree.sizeMax, "the tree is full: \(leaves) leaves")
    var hash = leaf
    var level = 0
    try completed(level, leaves, hash)
    while leaves >> level & 1 == 1 {
      hash = hasher.node(subtrees.removeLast(), hash)
      level += 1
      try completed(level, leaves >> level, hash)
    }
    subtrees.append(hash)
    leaves += 1
  }

  /// The tree's root: the subtrees folded from right to left.
  @inlinable
  package func root(using hasher: some TreeHashing) -> Digest {
    guard var root = subtrees.last else { return hasher.empty }
    for subtree in subtrees.dropLast().reversed() { root = hasher.node(subtree, root) }
    return root
  }
}
