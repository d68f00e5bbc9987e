import CanonicalJSON

/// One tile with the nodes above it: up to 256 hashes of one level, and every complete node that
/// they make, up to the tile's root.
///
/// Appending costs one hash on average, and every node is at hand for proofs.
struct TilePyramid {
  /// Hashes in a full tile: C2SP tlog-tiles, height 8.
  static let width = 256
  static let height = 8

  /// Row k: the complete nodes over 2^k of the tile's hashes, left to right. Row 8 is the root.
  private(set) var rows: [[Digest]] = Array(repeating: [], count: height + 1)

  init() {}

  /// From the hashes of the tile's own level.
  init(_ hashes: some Sequence<Digest>) {
    for hash in hashes { append(hash) }
  }

  var count: Int { rows[0].count }

  /// The hash over all of them, once there are 256.
  var root: Digest? { rows[Self.height].first }

  /// - Precondition: fewer than 256 hashes so far.
  mutating func append(_ hash: Digest) {
    precondition(count < Self.width, "a tile has \(Self.width) hashes")
    rows[0].append(hash)
    var row = 0
    while row < Self.height, rows[row].count.isMultiple(of: 2) {
      let pair = rows[row].suffix(2)
      rows[row + 1].append(LibcryptoHashing().node(pair[pair.startIndex], pair[pair.endIndex - 1]))
      row += 1
    }
  }

  /// The tile as it is stored: its hashes one after the other.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * Digest.byteCount)
    for hash in rows[0] { hash.withUnsafeBytes { bytes.append(contentsOf: $0) } }
    return bytes
  }
}
