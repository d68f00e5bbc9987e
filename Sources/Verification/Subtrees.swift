import CanonicalJSON

/// The complete subtrees of a tree, one for each bit that is set in its size: all that its root and
/// its growth need.
struct Subtrees {
  private(set) var size: Int
  /// By level: a node of 2^level leaves where that bit of ``size`` is set.
  private var nodes: [Digest]

  /// Of the tree without leaves.
  init() {
    size = 0
    nodes = []
  }

  /// - Parameter frontier: largest first; nil if there are not as many as `size` has bits.
  init?(size: Int, frontier: [Digest]) {
    guard size >= 0, frontier.count == size.nonzeroBitCount else { return nil }
    self.size = size
    nodes = Array(repeating: Hashing.emptyRoot, count: Int.bitWidth - size.leadingZeroBitCount)
    var rest = frontier[...]
    for level in nodes.indices.reversed() where size >> level & 1 == 1 {
      nodes[level] = rest.removeFirst()
    }
  }

  /// Largest first.
  var frontier: [Digest] {
    nodes.indices.reversed().filter { size >> $0 & 1 == 1 }.map { nodes[$0] }
  }

  /// The subtree of 2^`level` leaves.
  ///
  /// - Precondition: that bit of ``size`` is set.
  subscript(level: Int) -> Digest {
    precondition(size >> level & 1 == 1, "\(size) leaves have no subtree at level \(level)")
    return nodes[level]
  }

  var root: Digest {
    guard size > 0 else { return Hashing.emptyRoot }
    var level = size.trailingZeroBitCount
    var root = nodes[level]
    level += 1
    while size >> level != 0 {
      if size >> level & 1 == 1 { root = Hashing.node(nodes[level], root) }
      level += 1
    }
    return root
  }

  /// Adds a leaf, and tells `completed` of every node that it completes: itself as level 0 first.
  mutating func append(
    _ leaf: Digest, completed: (_ level: Int, _ node: Digest) -> Void = { _, _ in }
  ) {
    var node = leaf
    var level = 0
    completed(level, node)
    while size >> level & 1 == 1 {
      node = Hashing.node(nodes[level], node)
      level += 1
      completed(level, node)
    }
    if level == nodes.count { nodes.append(node) } else { nodes[level] = node }
    size += 1
  }
}
