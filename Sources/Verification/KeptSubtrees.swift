import CanonicalJSON

/// The subtrees of 256 leaves and more of a tree that grows from ``base``: each as it is completed,
/// so that the tree at every multiple of 256 after ``base`` is known. 64 bytes for 256 leaves.
struct KeptSubtrees {
  private let begun: Subtrees
  /// Subtrees of 2^(8 + i) leaves that were completed after ``base``, in order.
  private var completed: [[Digest]] = []

  private static let lowest = 8

  init(after begun: Subtrees) { self.begun = begun }

  var base: Int { begun.size }

  /// Takes the node that was completed next at a level; those below 8 are not kept.
  mutating func add(_ node: Digest, level: Int) {
    guard level >= KeptSubtrees.lowest else { return }
    let row = level - KeptSubtrees.lowest
    while row >= completed.count { completed.append([]) }
    completed[row].append(node)
  }

  /// The tree before the first leaf of a tile, or at ``base`` where that is later.
  func subtrees(atTile index: Int) -> Subtrees {
    let size = index * FullTile.width
    guard size > base else { return begun }
    let levels = (0..<Int.bitWidth - size.leadingZeroBitCount).reversed()
    let frontier = levels.filter { size >> $0 & 1 == 1 }.map { node($0, size >> $0 - 1) }
    guard let subtrees = Subtrees(size: size, frontier: frontier) else {
      preconditionFailure("\(frontier.count) subtrees for \(size) leaves")
    }
    return subtrees
  }

  /// Node `index` of `level` in the frontier of a size after ``base``: if it was complete at
  /// ``base`` it was in that frontier already.
  private func node(_ level: Int, _ index: Int) -> Digest {
    let before = base >> level
    return index < before ? begun[level] : completed[level - KeptSubtrees.lowest][index - before]
  }
}

/// A full tile of leaves behind the follower: what leaves must give to be believed.
struct PastTile {
  let index: Int
  /// Where those of its leaves stand that the follower met.
  let positions: Range<Int>
  /// The tree before them.
  let begun: Subtrees
  /// Of the tree that ends with them.
  let root: Digest

  /// Whether `leaves` are those at ``positions``.
  func holds(_ leaves: [Digest]) -> Bool {
    guard leaves.count == positions.count else { return false }
    var subtrees = begun
    for leaf in leaves { subtrees.append(leaf) }
    return subtrees.root == root
  }
}
