/// Up to 256 neighbouring hashes of one level out of eight: how the tree is stored and published.
///
/// Tile n of level l holds the roots of the subtrees of 256^l leaves from n · 256 on. A full one
/// never changes.
///
/// Source: c2sp.org/tlog-tiles v0.1.0.
package struct Tile: Hashable, Sendable {
  /// Levels of the tree between two levels of tiles.
  package static let height = 8
  /// Hashes in a full tile.
  package static let widthMax = 256

  /// 0 holds the leaves' hashes.
  package let level: Int
  package let index: Int
  /// Hashes, 1...256.
  package let width: Int

  /// - Precondition: `level` 0...63, `index` from 0, `width` 1...256.
  package init(level: Int, index: Int, width: Int = Tile.widthMax) {
    precondition((0...63).contains(level), "a tile's level is 0...63: \(level)")
    precondition(index >= 0, "a tile's index is not negative: \(index)")
    precondition((1...Tile.widthMax).contains(width), "a tile has 1...256 hashes: \(width)")
    self.level = level
    self.index = index
    self.width = width
  }

  package var isFull: Bool { width == Tile.widthMax }

  /// `tile/<level>/<index in groups of three>`, `.p/<width>` added unless it is full:
  /// `tile/0/x001/x234/067.p/112`.
  package var path: String {
    "tile/\(level)/\(Tile.grouped(index))" + (isFull ? "" : ".p/\(width)")
  }

  private static func grouped(_ index: Int) -> String {
    let last = String(String(1000 + index % 1000).dropFirst())
    return index < 1000 ? last : prefix(index / 1000) + last
  }

  private static func prefix(_ index: Int) -> String {
    let group = "x" + String(1000 + index % 1000).dropFirst() + "/"
    return index < 1000 ? group : prefix(index / 1000) + group
  }
}

extension Tile {
  /// How many full tiles a level has in a tree of `size` leaves.
  package static func fullCount(level: Int, treeSize size: Int) -> Int {
    hashCount(level: level, treeSize: size) / widthMax
  }

  /// How many hashes the level's last tile has when it is not full; 0 when there is none.
  package static func partialWidth(level: Int, treeSize size: Int) -> Int {
    hashCount(level: level, treeSize: size) % widthMax
  }

  /// Every tile of a tree, level by level, partial ones last in theirs.
  package static func all(treeSize size: Int) -> [Tile] {
    var tiles: [Tile] = []
    var level = 0
    while hashCount(level: level, treeSize: size) > 0 {
      let full = fullCount(level: level, treeSize: size)
      tiles += (0..<full).map { Tile(level: level, index: $0) }
      let width = partialWidth(level: level, treeSize: size)
      if width > 0 { tiles.append(Tile(level: level, index: full, width: width)) }
      level += 1
    }
    return tiles
  }

  /// Which of a full tile's hashes have the node of 2^`level` leaves at `index` above them: one
  /// when the tile holds the node itself.
  package static func place(
    ofNodeAtLevel level: Int, index: Int
  ) -> (tile: Tile, hashes: Range<Int>) {
    let rise = level % height
    let first = index << rise
    let offset = first % widthMax
    return (
      Tile(level: level / height, index: first / widthMax), offset..<offset + (1 << rise)
    )
  }

  private static func hashCount(level: Int, treeSize size: Int) -> Int {
    level * height < Int.bitWidth ? size >> (level * height) : 0
  }
}
