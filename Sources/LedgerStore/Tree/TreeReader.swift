import CanonicalJSON
import TransparencyLog

/// Every complete node of the tree: at the right edge from memory, elsewhere from a stored tile.
///
/// The few tiles read last are kept with the nodes above their hashes, so that proofs of
/// neighbouring entries cost lookups.
final class TreeReader: HashReader {
  private static let tilesKept = 16

  private let store: TileStore
  var edge: RightEdge
  private var kept: [(level: Int, index: Int, tile: TilePyramid)] = []
  /// The root asked for last: signers see what was just signed.
  private var lastRoot: (size: Int, root: Digest)?

  init(_ store: TileStore, edge: RightEdge) {
    self.store = store
    self.edge = edge
  }

  /// The node over 2^`level` leaves, the first of them `index` × 2^`level`.
  ///
  /// - Throws: ``LedgerError/tileMissing(level:index:)`` for a node that is not complete, or lost.
  func hash(level: Int, index: Int) throws -> Digest {
    try node(level: level, index: index)
  }

  private func node(level: Int, index: Int) throws(LedgerError) -> Digest {
    if let hash = edge.hash(level: level, index: index) { return hash }
    let (tileLevel, row) = level.quotientAndRemainder(dividingBy: TilePyramid.height)
    let nodesPerTile = TilePyramid.width >> row
    let tile = try pyramid(level: tileLevel, index: index / nodesPerTile)
    return tile.rows[row][index % nodesPerTile]
  }

  private func pyramid(level: Int, index: Int) throws(LedgerError) -> TilePyramid {
    if let at = kept.firstIndex(where: { $0.level == level && $0.index == index }) {
      return kept[at].tile
    }
    let tile = try store.pyramid(level: level, index: index)
    if kept.count == Self.tilesKept { kept.removeFirst() }
    kept.append((level, index, tile))
    return tile
  }

  /// The root of the tree of the first `size` leaves.
  ///
  /// - Throws: ``LedgerError/positionOutside(position:size:)`` beyond the tree.
  func root(ofSize size: Int) throws -> Digest {
    guard size <= edge.size else {
      throw LedgerError.positionOutside(position: size - 1, size: edge.size)
    }
    if let lastRoot, lastRoot.size == size { return lastRoot.root }
    let root = try Frontier(size: size, from: self).root(using: LibcryptoHashing())
    lastRoot = (size, root)
    return root
  }
}
