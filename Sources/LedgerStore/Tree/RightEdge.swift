import CanonicalJSON

/// The tiles at the right edge of the tree that are not full yet, one a level.
///
/// With the full tiles below it in the database it is the whole tree, and appending needs nothing
/// else: at most 5 × 511 hashes, whatever the size.
struct RightEdge {
  /// A tile that has just become full, to be stored.
  struct FullTile {
    let level: Int
    let index: Int
    let root: Digest
    let bytes: [UInt8]
  }

  /// Leaves in the tree.
  private(set) var size = 0
  private var tiles: [TilePyramid] = [TilePyramid()]

  init() {}

  /// - Parameter tiles: The partial tile of each level from 0, as a tree of `size` leaves has them.
  init(size: Int, tiles: [TilePyramid]) {
    self.size = size
    self.tiles = tiles.isEmpty ? [TilePyramid()] : tiles
  }

  /// Adds a leaf and gives the tiles that it filled, lowest first.
  mutating func append(_ leaf: Digest) -> [FullTile] {
    size += 1
    tiles[0].append(leaf)
    guard tiles[0].root != nil else { return [] }
    return carry()
  }

  /// Moves full tiles out; the root of each is a hash of the level above.
  private mutating func carry() -> [FullTile] {
    var full: [FullTile] = []
    var level = 0
    while let root = tiles[level].root {
      let index = (size >> (TilePyramid.height * (level + 1))) - 1
      full.append(FullTile(level: level, index: index, root: root, bytes: tiles[level].bytes))
      tiles[level] = TilePyramid()
      level += 1
      if level == tiles.count { tiles.append(TilePyramid()) }
      tiles[level].append(root)
    }
    return full
  }

  /// The node over 2^`level` leaves at `index`, when it stands in one of the partial tiles.
  func hash(level: Int, index: Int) -> Digest? {
    let (tileLevel, row) = level.quotientAndRemainder(dividingBy: TilePyramid.height)
    guard tileLevel < tiles.count else { return nil }
    let fullBelow = size >> (TilePyramid.height * (tileLevel + 1))
    let first = fullBelow << (TilePyramid.height - row)
    let nodes = tiles[tileLevel].rows[row]
    return index >= first && index - first < nodes.count ? nodes[index - first] : nil
  }
}
