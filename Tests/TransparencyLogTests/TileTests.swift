import CanonicalJSON
import Testing
import TransparencyLog

/// Paths, widths and places of tiles, after c2sp.org/tlog-tiles.
@Suite struct TileTests {
  @Test(arguments: [
    (0, "000"), (255, "255"), (273, "273"), (999, "999"), (1000, "x001/000"),
    (1_234_067, "x001/x234/067"),
  ])
  func `an index is written in groups of three digits`(index: Int, path: String) {
    #expect(Tile(level: 0, index: index).path == "tile/0/\(path)")
  }

  @Test func `a partial tile says its width`() {
    let tile = Tile(level: 2, index: 0, width: 112)

    #expect(!tile.isFull)
    #expect(tile.path == "tile/2/000.p/112")
  }

  @Test func `a tree of 70,000 leaves has the tiles of the specification`() {
    let counts = (0...3).map { Tile.fullCount(level: $0, treeSize: 70_000) }
    let widths = (0...3).map { Tile.partialWidth(level: $0, treeSize: 70_000) }

    #expect(counts == [273, 1, 0, 0])
    #expect(widths == [112, 17, 1, 0])
  }

  @Test func `all tiles of a tree come level by level, the partial ones last`() {
    let paths = Tile.all(treeSize: 70_000).map(\.path)

    #expect(paths.count == 277)
    #expect(
      paths[272...] == [
        "tile/0/272", "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1",
      ])
    #expect(Tile.all(treeSize: 0).isEmpty)
    #expect(Tile.all(treeSize: 256).map(\.path) == ["tile/0/000", "tile/1/000.p/1"])
  }

  @Test(arguments: [
    (0, 0, 0, 0, 0..<1), (0, 300, 0, 1, 44..<45), (3, 32, 0, 1, 0..<8), (7, 1, 0, 0, 128..<256),
    (8, 5, 1, 0, 5..<6), (9, 200, 1, 1, 144..<146),
  ])
  func `a node is found in its tile`(
    level: Int, index: Int, tileLevel: Int, tileIndex: Int, hashes: Range<Int>
  ) {
    let place = Tile.place(ofNodeAtLevel: level, index: index)

    #expect(place.tile == Tile(level: tileLevel, index: tileIndex))
    #expect(place.hashes == hashes)
  }

  @Test func `the hashes of a node's place lead to the node`() throws {
    let tree = TestTree(size: 300)

    for (level, index) in [(1, 3), (4, 7), (7, 1), (5, 8)] {
      let place = Tile.place(ofNodeAtLevel: level, index: index)
      var frontier = Frontier()
      for offset in place.hashes {
        let leaf = place.tile.index * Tile.widthMax + offset
        frontier.append(try tree.hash(level: 0, index: leaf), using: hasher)
      }
      #expect(frontier.root(using: hasher) == (try tree.hash(level: level, index: index)))
    }
  }
}
