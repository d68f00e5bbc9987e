import CanonicalJSON

/// The tree over all leaves so far: its root, what its earlier roots are derived from, and its full
/// tiles as they fill.
///
/// A signer may name the root of any earlier size. The last ``recentMax`` roots are kept, and of
/// all that is older the subtrees of 256 leaves and more: a quarter of a byte an entry. The leaves
/// of the one tile that an older root needs besides are fetched when somebody names it
/// (``PastLeaves``).
struct TreeFollower {
  private var subtrees: Subtrees
  private var kept: KeptSubtrees
  /// The root at size n at n % ``recentMax``.
  private var recent: [Digest]
  private var filling = FillingTiles()

  static let recentMax = 1024

  init() { self.init(after: Subtrees()) }

  /// Goes on from a tree of `size` leaves whose complete subtrees are `frontier`, largest first.
  ///
  /// Nil if there are not as many subtrees as `size` has bits. Tiles that were begun before `size`
  /// are not among those that ``append(_:)`` completes.
  init?(size: Int, frontier: [Digest]) {
    guard let subtrees = Subtrees(size: size, frontier: frontier) else { return nil }
    self.init(after: subtrees)
  }

  private init(after begun: Subtrees) {
    kept = KeptSubtrees(after: begun)
    subtrees = begun
    recent = Array(repeating: begun.root, count: TreeFollower.recentMax)
  }

  /// Entries before which nothing is known but the tree itself.
  var base: Int { kept.base }

  var size: Int { subtrees.size }

  var root: Digest { recent[size % TreeFollower.recentMax] }

  /// Complete subtrees, largest first.
  var frontier: [Digest] { subtrees.frontier }

  /// - Returns: the tiles that this leaf completes.
  mutating func append(_ leaf: Digest) -> [FullTile] {
    var full: [FullTile] = []
    let position = size
    subtrees.append(leaf) { level, node in
      filling.add(node, completedAt: position, level: level, &full)
      kept.add(node, level: level)
    }
    recent[size % TreeFollower.recentMax] = subtrees.root
    return full
  }
}

// Earlier sizes.
extension TreeFollower {
  /// The root of the first `size` leaves; nil unless it is one of the last.
  func recentRoot(at size: Int) -> Digest? {
    let oldest = max(base, self.size - TreeFollower.recentMax + 1)
    return (oldest...self.size).contains(size) ? recent[size % TreeFollower.recentMax] : nil
  }

  /// The root of the first `size` leaves, from ``base`` to ``size``.
  ///
  /// - Parameter leaves: of the tile in which `size` lies, those after ``base``; they are believed.
  func root(at size: Int, leaves: some Collection<Digest>) -> Digest {
    var subtrees = kept.subtrees(atTile: size / FullTile.width)
    for leaf in leaves.prefix(size - subtrees.size) { subtrees.append(leaf) }
    return subtrees.root
  }

  /// The leaves of the tile being filled, as far as they came after ``base``.
  var newestLeaves: [Digest] { filling.leaves }

  /// What is known of a full tile of leaves that was filled after ``base``.
  func pastTile(_ index: Int) -> PastTile {
    let end = (index + 1) * FullTile.width
    precondition(base < end && end <= size, "tile \(index) was not filled after \(base)")
    let begun = kept.subtrees(atTile: index)
    return PastTile(
      index: index, positions: begun.size..<end, begun: begun,
      root: kept.subtrees(atTile: index + 1).root)
  }
}
