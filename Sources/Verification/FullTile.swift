import CanonicalJSON

/// 256 hashes of one level (C2SP tlog-tiles, height 8).
struct FullTile {
  let level: Int
  let index: Int
  let hashes: [Digest]
  /// Of the 256 hashes: one hash of the level above.
  fileprivate(set) var root: Digest

  static let width = 256
  /// Levels of the tree between two levels of tiles.
  static let height = 8

  /// 8,192 bytes, first hash first.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * Digest.byteCount)
    for hash in hashes { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }
}

/// The tiles being filled, one on each level.
struct FillingTiles {
  /// Hashes by tile level.
  private var tiles: [[Digest]] = [[]]

  /// Those of level 0.
  var leaves: [Digest] { tiles[0] }

  /// Takes the node that the leaf at `position` completes at `level` of the tree, and adds the
  /// tile that it fills to `full`.
  mutating func add(
    _ node: Digest, completedAt position: Int, level: Int, _ full: inout [FullTile]
  ) {
    guard level % FullTile.height == 0 else { return }
    let row = level / FullTile.height
    while tiles.count <= row { tiles.append([]) }
    tiles[row].append(node)
    if let below = full.indices.last, full[below].level == row - 1 { full[below].root = node }
    let index = position >> level
    guard index % FullTile.width == FullTile.width - 1 else { return }
    if tiles[row].count == FullTile.width {
      full.append(
        FullTile(level: row, index: index / FullTile.width, hashes: tiles[row], root: node))
    }
    tiles[row].removeAll(keepingCapacity: true)
  }
}
