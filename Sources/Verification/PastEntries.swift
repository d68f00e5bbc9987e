import CanonicalJSON
import TransparencyLog

/// Entries before a verified state, of which only the tree is known: what is said of them is looked
/// up in the store and proven to that tree.
struct PastEntries: Sendable {
  private let source: any LedgerSource
  private let size: Int
  private let root: Digest

  init(_ source: any LedgerSource, _ state: VerifiedState) {
    self.source = source
    size = state.size
    root = state.root
  }

  /// Where entry `id` stands among them, proven; nil when it is not there.
  ///
  /// That an id is *not* there rests on the store's index: it cannot be proven without reading all.
  func position(of id: Identifier) throws(LedgerReadError) -> Int? {
    guard let position = try source.position(of: id), position < size else { return nil }
    var leaf: Digest?
    try source.read(position..<position + 1) { entry in
      if LineHeader.read(entry.line)?.entry == id { leaf = Hashing.leaf(entry.line) }
    }
    let proof = try? inclusionProof(
      of: position, inTreeOf: size, from: StoredTree(source: source), using: CryptoHashing())
    guard let leaf, let proof,
      proof.isValid(leafHash: leaf, root: root, using: CryptoHashing())
    else { return nil }
    return position
  }

  /// Whether the tree that a signer had seen is the beginning of the verified one.
  func proves(_ seen: SeenTree) throws(LedgerReadError) -> Bool {
    guard seen.size <= size else { return false }
    let proof = try? consistencyProof(
      from: seen.size, to: size, from: StoredTree(source: source), using: CryptoHashing())
    return proof?.isValid(fromRoot: seen.root, toRoot: root, using: CryptoHashing()) ?? false
  }
}

/// Complete nodes of the tree as the store has them: from full tiles, else from what lies below.
///
/// Nothing is checked here. A wrong node gives a proof that does not hold.
struct StoredTree: HashReader {
  let source: any LedgerSource

  func hash(level: Int, index: Int) throws -> Digest {
    let place = Tile.place(ofNodeAtLevel: level, index: index)
    if let tile = try source.tile(level: place.tile.level, index: place.tile.index) {
      return StoredTree.fold(tile, place.hashes)
    }
    if level > 0, level % Tile.height == 0,
      let below = try source.tile(level: level / Tile.height - 1, index: index)
    {
      return below.root
    }
    guard level > 0 else { return try leaf(index) }
    return Hashing.node(
      try hash(level: level - 1, index: 2 * index),
      try hash(level: level - 1, index: 2 * index + 1))
  }

  private func leaf(_ position: Int) throws(LedgerReadError) -> Digest {
    var leaf = Hashing.emptyRoot
    try source.read(position..<position + 1) { leaf = Hashing.leaf($0.line) }
    return leaf
  }

  /// The node over the hashes at `range`, a power of two of them.
  private static func fold(_ tile: StoredTile, _ range: Range<Int>) -> Digest {
    var hashes = range.map { index in
      let start = index * Digest.byteCount
      guard tile.hashes.count >= start + Digest.byteCount else { return Hashing.emptyRoot }
      return Digest(bytes: tile.hashes[start..<start + Digest.byteCount])
    }
    while hashes.count > 1 {
      hashes = stride(from: 0, to: hashes.count, by: 2).map {
        Hashing.node(hashes[$0], hashes[$0 + 1])
      }
    }
    return hashes[0]
  }
}
