import CanonicalJSON
import Events
import TestKit
import Testing
import TransparencyLog

@testable import LedgerStore

/// The tree from its right edge and its stored tiles, against a tree kept whole.
@Suite struct TreeTests {
  static func leaf(_ index: Int) -> Digest { LibcryptoHashing().leaf(Array("\(index)".utf8)) }

  /// Every node of a tree of `size` leaves, level by level.
  static func nodes(_ size: Int) -> [[Digest]] {
    var levels = [(0..<size).map(leaf)]
    while let last = levels.last, last.count > 1 {
      levels.append(
        (0..<last.count / 2).map { LibcryptoHashing().node(last[2 * $0], last[2 * $0 + 1]) })
    }
    return levels
  }

  @Test func `hashes are those of the published vectors`() {
    #expect(
      LibcryptoHashing().empty.hex
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      LibcryptoHashing().leaf([]).hex
        == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    let two = LibcryptoHashing().node(LibcryptoHashing().leaf([]), LibcryptoHashing().leaf([0]))
    #expect(two.hex == "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")
  }

  @Test(arguments: [1, 2, 255, 256, 257, 511, 512, 600, 65_536, 66_000])
  func `the right edge has every node that no full tile below has`(size: Int) {
    let nodes = Self.nodes(size)
    var edge = RightEdge()
    var stored: [RightEdge.FullTile] = []
    for leaf in nodes[0] { stored += edge.append(leaf) }

    #expect(edge.size == size)
    for (level, hashes) in nodes.enumerated() {
      let (tileLevel, row) = level.quotientAndRemainder(dividingBy: 8)
      let inFullTiles = (size >> (8 * (tileLevel + 1))) << (8 - row)
      for index in hashes.indices.suffix(300) {
        let expected = index >= inFullTiles ? hashes[index] : nil
        #expect(edge.hash(level: level, index: index) == expected, "\(level)/\(index)")
      }
      #expect(edge.hash(level: level, index: hashes.count) == nil)
    }
    #expect(edge.hash(level: 63, index: 0) == nil)
    for tile in stored {
      #expect(tile.bytes.count == 8_192)
      #expect(tile.root == nodes[8 * (tile.level + 1)][tile.index])
      let first = Digest(bytes: tile.bytes.prefix(32))
      #expect(first == nodes[8 * tile.level][256 * tile.index])
    }
    #expect(stored.count { $0.level == 0 } == size / 256)
    #expect(stored.count { $0.level == 1 } == size / 65_536)
  }

  /// A ledger of 600 entries: two full tiles, and a partial one.
  static func tall() throws -> TemporaryLedger {
    let store = try TemporaryLedger()
    var batch: [SignedEnvelope] = []
    for index in 0..<599 {
      let place = EnvironmentName(rawValue: "e\(index)") ?? "production"
      batch.append(try store.envelope(.health(environment: place), by: [.service]))
      if batch.count == 200 || index == 598 {
        for result in try store.ledger.append(batch) { _ = try result.get() }
        batch = []
      }
    }
    return store
  }

  @Test func `proofs across stored tiles hold, before and after opening again`() throws {
    let store = try Self.tall()
    try Rederivation(path: store.path).check(size: 600)
    let lines = try (0..<600).map { position in
      try store.ledger.read { try $0.entry(at: position).line.bytes }
    }

    for _ in 0..<2 {
      for (position, size) in [(0, 600), (255, 600), (256, 512), (511, 600), (599, 600), (3, 5)] {
        let proof = try store.ledger.read { try $0.inclusion(of: position, inSize: size) }
        let root = try store.ledger.read { try $0.root(ofSize: size) }
        #expect(
          proof.isValid(
            leafHash: TestHashing().leaf(lines[position]), root: root, using: TestHashing()),
          "\(position) of \(size)")
      }
      for (from, to) in [(1, 600), (256, 600), (257, 512), (511, 599), (600, 600)] {
        let proof = try store.ledger.read { try $0.consistency(from: from, to: to) }
        let roots = try store.ledger.read { (try $0.root(ofSize: from), try $0.root(ofSize: to)) }
        #expect(
          proof.isValid(fromRoot: roots.0, toRoot: roots.1, using: TestHashing()),
          "\(from) to \(to)")
      }
      try store.reopen()
    }
    let repeated = try store.append(.health(environment: "e1"), by: [.service])
    #expect(repeated.index == 600)
  }

  @Test func `a lost tile is named, and so is a lost leaf of it`() throws {
    let store = try Self.tall()
    let path = store.path + "/ledger.sqlite"
    try store.ledger.close()
    let connection = try Connection(path: path, access: .writing)
    try connection.execute("DROP TRIGGER tile_is_never_deleted; DELETE FROM tile WHERE idx = 0")
    let tiles = try TileStore(connection, access: .reading)

    #expect(throws: LedgerError.tileMissing(level: 1, index: 0)) { try tiles.rightEdge(size: 600) }
    #expect(throws: LedgerError.tileMissing(level: 0, index: 0)) {
      try tiles.pyramid(level: 0, index: 0)
    }
  }

  @Test func `what is outside the tree is refused with both numbers`() throws {
    let store = try TemporaryLedger()

    #expect(throws: LedgerError.positionOutside(position: 8, size: 1)) {
      try store.ledger.read { try $0.root(ofSize: 9) }
    }
    #expect(throws: TransparencyLogError.leafOutsideTree(leaf: 1, treeSize: 1)) {
      try store.ledger.read { try $0.inclusion(of: 1, inSize: 1) }
    }
    #expect(throws: LedgerError.tileMissing(level: 1, index: 0)) {
      try store.ledger.read { try $0.inclusion(of: 1, inSize: 512) }
    }
  }
}
