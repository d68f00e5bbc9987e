import CanonicalJSON

/// Leaves that the follower has passed, fetched again where an old root or an old line needs them.
///
/// Nothing that is fetched is believed: the leaves of a tile must give the root that the follower
/// kept, and a line must be one of them. If the store has no such bytes any more, somebody changes
/// it while it is read, and what was found until then is about no ledger that there is.
struct PastLeaves: Sendable {
  private let source: any LedgerSource
  /// The newest last; 8 KiB each.
  private var fetched: [(index: Int, leaves: [Digest])] = []

  static let fetchedMax = 64

  init(_ source: any LedgerSource) { self.source = source }

  /// The root of the first `size` leaves; nil before the tree's base and after its end.
  mutating func root(
    at size: Int, of tree: TreeFollower
  ) throws(LedgerReadError) -> Digest? {
    guard (tree.base...tree.size).contains(size) else { return nil }
    if let root = tree.recentRoot(at: size) { return root }
    let tile = size / FullTile.width
    let leaves = size == tile * FullTile.width ? [] : try self.leaves(ofTile: tile, of: tree)
    return tree.root(at: size, leaves: leaves)
  }

  /// Whether the entry at `position`, which the follower has passed, is `id`: its line is read
  /// again.
  mutating func isEntry(
    _ id: Identifier, at position: Int, of tree: TreeFollower
  ) throws(LedgerReadError) -> Bool {
    let tile = position / FullTile.width
    let leaves = try self.leaves(ofTile: tile, of: tree)
    let leaf = leaves[position - max(tile * FullTile.width, tree.base)]
    var isEntry: Bool?
    try source.read(position..<position + 1) { entry in
      guard Hashing.leaf(entry.line) == leaf else { return }
      isEntry = LineHeader.read(entry.line)?.entry == id
    }
    guard let isEntry else { throw changed(position..<position + 1) }
    return isEntry
  }

  /// Of a tile those after the tree's base, as far as it has been filled.
  private mutating func leaves(
    ofTile index: Int, of tree: TreeFollower
  ) throws(LedgerReadError) -> [Digest] {
    if index == tree.size / FullTile.width { return tree.newestLeaves }
    if let known = fetched.last(where: { $0.index == index }) { return known.leaves }
    let tile = tree.pastTile(index)
    var leaves = try stored(tile)
    if !tile.holds(leaves) { leaves = try read(tile) }
    if fetched.count == PastLeaves.fetchedMax { fetched.removeFirst() }
    fetched.append((index, leaves))
    return leaves
  }

  /// What the store's tile says; wrong or none where there is no such tile.
  private func stored(_ tile: PastTile) throws(LedgerReadError) -> [Digest] {
    let bytes = try source.tile(level: 0, index: tile.index)?.hashes ?? []
    guard bytes.count == FullTile.width * Digest.byteCount else { return [] }
    return tile.positions.map { position in
      let start = position % FullTile.width * Digest.byteCount
      return Digest(bytes: bytes[start..<start + Digest.byteCount])
    }
  }

  /// From the entries' lines.
  private func read(_ tile: PastTile) throws(LedgerReadError) -> [Digest] {
    var leaves: [Digest] = []
    try source.read(tile.positions) { leaves.append(Hashing.leaf($0.line)) }
    guard tile.holds(leaves) else { throw changed(tile.positions) }
    return leaves
  }

  private func changed(_ positions: Range<Int>) -> LedgerReadError {
    let last = positions.upperBound - 1
    let entries =
      last == positions.lowerBound
      ? "entry \(last) is not what it was"
      : "entries \(positions.lowerBound) to \(last) are not what they were"
    return LedgerReadError(
      file: source.file, reason: "\(entries) a moment ago: somebody changes it meanwhile")
  }
}
