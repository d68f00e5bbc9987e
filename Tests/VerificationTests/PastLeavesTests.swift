import CanonicalJSON
import Testing

@testable import Verification

/// Roots of earlier sizes, and entries read again: derived from what the follower kept and from
/// what it fetches without believing it.
@Suite struct PastLeavesTests {
  private static let end = 2_900

  /// A follower that went on at `base` and has met all leaves up to `end`.
  private func follower(
    _ leaves: [Digest], from base: Int, _ naive: inout NaiveTree, to end: Int = Self.end
  ) throws -> TreeFollower {
    var tree = try #require(TreeFollower(size: base, frontier: naive.frontier(at: base)))
    for leaf in leaves[base..<end] { _ = tree.append(leaf) }
    return tree
  }

  /// Sizes where something begins or ends, and some between.
  private func sizes(from base: Int, to end: Int) -> [Int] {
    let edges = stride(from: 0, through: end, by: 256).flatMap { [$0 - 1, $0, $0 + 1] }
    let others = stride(from: base, through: end, by: 37)
    let near = [base, base + 1, base + 2, end - 1_024, end - 1_023, end - 1, end]
    return (edges + others + near).filter { (base...end).contains($0) }
  }

  @Test(arguments: [
    0, 1, 2, 7, 128, 255, 256, 257, 300, 511, 512, 513, 767, 768, 1_000, 1_023, 1_024, 1_025, 1_500,
    1_876, 1_877, 2_047, 2_048, 2_559, 2_560, 2_815, 2_816, 2_817, 2_899, 2_900,
  ])
  func `every root since the base is the one of RFC 6962`(base: Int) throws {
    let source = StoredLines(count: Self.end)
    var naive = NaiveTree(source.leaves)
    let tree = try follower(source.leaves, from: base, &naive)
    var past = PastLeaves(source)

    for size in sizes(from: base, to: Self.end) {
      #expect(try past.root(at: size, of: tree) == naive.root(at: size), "\(size) after \(base)")
    }
    #expect(try past.root(at: base - 1, of: tree) == nil)
    #expect(try past.root(at: Self.end + 1, of: tree) == nil)
    #expect(source.linesRead == 0)
  }

  @Test(arguments: [0, 5, 300, 2_500])
  func `roots are the same while the tree grows`(base: Int) throws {
    let source = StoredLines(count: Self.end)
    var naive = NaiveTree(source.leaves)
    var past = PastLeaves(source)
    var tree = try follower(source.leaves, from: base, &naive, to: base)

    for position in base..<Self.end {
      _ = tree.append(source.leaves[position])
      #expect(tree.size == position + 1)
      let sizes = [position + 1, base, (base + position) / 2, position * 7_919 % (position + 1)]
      for size in sizes where size >= base && position % 11 == 0 {
        #expect(try past.root(at: size, of: tree) == naive.root(at: size), "\(size) of \(position)")
      }
    }
    #expect(tree.frontier == naive.frontier(at: Self.end))
  }

  @Test(arguments: [StoredLines.Tiles.missing, .short, .wrong], [0, 300])
  func `a tile that is not there or not right is made up for by the lines`(
    tiles: StoredLines.Tiles, base: Int
  ) throws {
    let source = StoredLines(count: Self.end, tiles: tiles)
    var naive = NaiveTree(source.leaves)
    let tree = try follower(source.leaves, from: base, &naive)
    var past = PastLeaves(source)

    for size in [301, 400, 511, 700] {
      #expect(try past.root(at: size, of: tree) == naive.root(at: size))
    }
    #expect(source.linesRead == 512 - max(base, 256) + 256)
  }

  @Test func `without a tile and with other lines no root is derived`() throws {
    let source = StoredLines(count: Self.end, tiles: .wrong, changed: [500: [1]])
    var naive = NaiveTree(source.leaves)
    let tree = try follower(source.leaves, from: 300, &naive)
    var past = PastLeaves(source)

    let error = #expect(throws: LedgerReadError.self) { try past.root(at: 400, of: tree) }

    #expect(error?.file == "lines")
    #expect(
      error?.reason
        == "entries 300 to 511 are not what they were a moment ago: somebody changes it meanwhile")
    // What needs no leaf of that tile stands.
    #expect(try past.root(at: 512, of: tree) == naive.root(at: 512))
  }

  @Test func `recent roots fetch nothing, and many of one old tile fetch it once`() throws {
    let source = StoredLines(count: Self.end)
    var naive = NaiveTree(source.leaves)
    let tree = try follower(source.leaves, from: 0, &naive)
    var past = PastLeaves(source)

    for size in Self.end - 1_023...Self.end { _ = try past.root(at: size, of: tree) }
    #expect(source.tilesFetched == 0)

    for size in 257...511 { _ = try past.root(at: size, of: tree) }
    #expect(source.tilesFetched == 1)
  }

  @Test func `no more tiles are kept than a few, and what was dropped is fetched again`() throws {
    let count = (PastLeaves.fetchedMax + 10) * 256
    let source = StoredLines(count: count)
    var naive = NaiveTree(source.leaves)
    let tree = try follower(source.leaves, from: 0, &naive, to: count)
    var past = PastLeaves(source)

    for tile in [Int](0...PastLeaves.fetchedMax) + [0] {
      let size = tile * 256 + 1
      #expect(try past.root(at: size, of: tree) == naive.root(at: size))
    }
    #expect(source.tilesFetched == PastLeaves.fetchedMax + 2)
  }

  @Test func `an entry is recognised by its line, which must be the one that was read`() throws {
    let forge = try LedgerForge.staffed()
    let ids = try forge.ids.map { try #require(Identifier(parsing: $0)) }
    let changed = [1: forge.ledger.entries[0].line]
    for (source, isChanged) in [
      (StoredLines(forge.ledger), false), (StoredLines(forge.ledger, changed: changed), true),
    ] {
      var past = PastLeaves(source)
      #expect(try past.isEntry(ids[0], at: 0, of: forge.tree))
      #expect(try !past.isEntry(ids[1], at: 0, of: forge.tree))
      guard isChanged else {
        #expect(try past.isEntry(ids[1], at: 1, of: forge.tree))
        continue
      }
      let error = #expect(throws: LedgerReadError.self) {
        try past.isEntry(ids[1], at: 1, of: forge.tree)
      }
      #expect(error?.reason.hasPrefix("entry 1 is not what it was a moment ago") == true)
    }
  }
}

/// The tree that is followed.
@Suite struct TreeFollowerTests {
  @Test func `every golden root is the tree's at its size, and no other is`() throws {
    var tree = TreeFollower()
    for entry in GoldenFile.shared.entries {
      _ = tree.append(try #require(Digest(hex: entry.leafHash)))
      #expect(tree.root.hex == entry.rootAfter)
    }
    #expect(tree.recentRoot(at: 0) == Hashing.emptyRoot)
    #expect(tree.recentRoot(at: 5)?.hex == GoldenFile.shared.entries[4].rootAfter)
    #expect(tree.recentRoot(at: 13) == nil)
    #expect(TreeFollower(size: 3, frontier: []) == nil)
  }
}
