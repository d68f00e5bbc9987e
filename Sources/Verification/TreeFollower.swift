import CanonicalJSON

/// The tree over all leaves so far, its root at every size, and its full tiles as they fill.
///
/// Keeps 32 bytes an entry, because a signer may name the root of any earlier size.
struct TreeFollower {
  /// Entries before which nothing is known but the tree itself.
  let base: Int
  private(set) var size: Int
  /// Complete subtrees by level: a node of 2^level leaves where that bit of ``size`` is set.
  private var nodes: [Digest]
  /// Roots at sizes base, base + 1, …
  private var roots: [Digest]
  /// Hashes of the tile being filled, by tile level.
  private var tiles: [[Digest]]

  static let tileWidth = 256

  init(expecting expected: Int = 0) {
    base = 0
    size = 0
    nodes = []
    tiles = []
    roots = [Hashing.emptyRoot]
    roots.reserveCapacity(min(expected, 1 << 24) + 1)
  }

  /// Goes on from a tree of `size` leaves whose complete subtrees are `frontier`, largest first.
  ///
  /// Nil if there are not as many subtrees as `size` has bits. Tiles that were begun before `size`
  /// are not among those that ``append(_:)`` completes.
  init?(size: Int, frontier: [Digest]) {
    guard size >= 0, frontier.count == size.nonzeroBitCount else { return nil }
    base = size
    self.size = size
    tiles = []
    nodes = Array(repeating: Hashing.emptyRoot, count: Int.bitWidth - size.leadingZeroBitCount)
    var rest = frontier[...]
    for level in nodes.indices.reversed() where size >> level & 1 == 1 {
      nodes[level] = rest.removeFirst()
    }
    roots = []
    roots.append(TreeFollower.root(of: nodes, size))
  }

  var root: Digest { roots[size - base] }

  /// The root of the first `size` leaves; nil before ``base`` and after the end.
  func root(at size: Int) -> Digest? {
    (base...self.size).contains(size) ? roots[size - base] : nil
  }

  /// Complete subtrees, largest first.
  var frontier: [Digest] {
    nodes.indices.reversed().filter { size >> $0 & 1 == 1 }.map { nodes[$0] }
  }

  /// - Returns: the tiles that this leaf completes.
  mutating func append(_ leaf: Digest) -> [FullTile] {
    var full: [FullTile] = []
    var node = leaf
    var level = 0
    while true {
      if level % 8 == 0 { add(node, level: level / 8, &full) }
      guard size >> level & 1 == 1 else { break }
      node = Hashing.node(nodes[level], node)
      level += 1
    }
    if level == nodes.count { nodes.append(node) } else { nodes[level] = node }
    size += 1
    roots.append(TreeFollower.root(of: nodes, size))
    return full
  }

  private mutating func add(_ hash: Digest, level: Int, _ full: inout [FullTile]) {
    while tiles.count <= level { tiles.append([]) }
    tiles[level].append(hash)
    if let below = full.indices.last, full[below].level == level - 1 { full[below].root = hash }
    // This leaf is number `size`; the hash is the one that it completes at this level.
    let index = size >> (8 * level)
    guard index % TreeFollower.tileWidth == TreeFollower.tileWidth - 1 else { return }
    if tiles[level].count == TreeFollower.tileWidth {
      full.append(
        FullTile(
          level: level, index: index / TreeFollower.tileWidth, hashes: tiles[level], root: hash))
    }
    tiles[level].removeAll(keepingCapacity: true)
  }

  private static func root(of nodes: [Digest], _ size: Int) -> Digest {
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
}

/// 256 hashes of one level (C2SP tlog-tiles, height 8).
struct FullTile {
  let level: Int
  let index: Int
  let hashes: [Digest]
  /// Of the 256 hashes: one hash of the level above.
  fileprivate(set) var root: Digest

  /// 8,192 bytes, first hash first.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * Digest.byteCount)
    for hash in hashes { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }
}
