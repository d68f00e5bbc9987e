import CanonicalJSON

/// The tree's rows in the database: leaves beside the entries, and full tiles.
final class TileStore {
  private let leaves: Statement
  private let roots: Statement
  private let tile: Statement
  private let insert: Statement?

  init(_ connection: Connection, access: Connection.Access) throws(LedgerError) {
    leaves = try Statement(
      "SELECT leaf FROM entry WHERE position >= ? AND position < ? ORDER BY position",
      on: connection)
    roots = try Statement(
      "SELECT root FROM tile WHERE level = ? AND idx >= ? AND idx < ? ORDER BY idx",
      on: connection)
    tile = try Statement(
      "SELECT hashes FROM tile WHERE level = ? AND idx = ?", on: connection)
    insert =
      access == .writing
      ? try Statement("INSERT INTO tile VALUES (?, ?, ?, ?)", on: connection) : nil
  }

  /// The partial tiles of the tree of the first `size` leaves: at most 255 small rows a level.
  func rightEdge(size: Int) throws(LedgerError) -> RightEdge {
    var tiles: [TilePyramid] = []
    var level = 0
    while size >> (TilePyramid.height * level) > 0 {
      let count = size >> (TilePyramid.height * level)
      let hashes = try hashes(level: level, from: count - count % TilePyramid.width, to: count)
      guard hashes.count == count % TilePyramid.width else {
        throw LedgerError.tileMissing(level: level, index: count / TilePyramid.width)
      }
      tiles.append(TilePyramid(hashes))
      level += 1
    }
    return RightEdge(size: size, tiles: tiles)
  }

  /// The full tile with the nodes above its hashes.
  func pyramid(level: Int, index: Int) throws(LedgerError) -> TilePyramid {
    tile.bind(1, level).bind(2, index)
    defer { tile.reset() }
    guard try tile.step() else { throw LedgerError.tileMissing(level: level, index: index) }
    let bytes = tile.borrowed(0)
    guard bytes.count == TilePyramid.width * Digest.byteCount else {
      throw LedgerError.tileMissing(level: level, index: index)
    }
    let starts = stride(from: 0, to: bytes.count, by: Digest.byteCount)
    return TilePyramid(
      starts.map { Digest(UnsafeRawBufferPointer(rebasing: bytes[$0..<$0 + Digest.byteCount])) })
  }

  func store(_ full: RightEdge.FullTile) throws(LedgerError) {
    try insert?.bind(1, full.level).bind(2, full.index).bindBlob(3, full.root)
      .bindBlob(4, full.bytes).run()
  }

  /// The leaves' hashes at positions `from` ..< `to`.
  func leaves(from: Int, to: Int) throws(LedgerError) -> [Digest] {
    try hashes(level: 0, from: from, to: to)
  }

  /// Hashes over 256^`level` leaves each.
  private func hashes(level: Int, from: Int, to: Int) throws(LedgerError) -> [Digest] {
    let rows = level == 0 ? leaves : roots
    if level > 0 { rows.bind(1, level - 1) }
    rows.bind(level == 0 ? 1 : 2, from).bind(level == 0 ? 2 : 3, to)
    defer { rows.reset() }
    var hashes: [Digest] = []
    while try rows.step() { hashes.append(try rows.digest(0)) }
    return hashes
  }
}
