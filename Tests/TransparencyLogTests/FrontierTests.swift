import CanonicalJSON
import Testing
import TransparencyLog

/// Appending with one hash for each set bit, and finding the way back from stored nodes.
@Suite struct FrontierTests {
  @Test func `a frontier read from stored nodes is the one that was built`() throws {
    let tree = TestTree(size: 300)
    var frontier = Frontier()

    for size in 0...300 {
      #expect(try Frontier(size: size, from: tree) == frontier)
      #expect(frontier.size == size)
      #expect(frontier.hashes.count == size.nonzeroBitCount)
      #expect(frontier.root(using: hasher) == tree.roots[size])
      guard size < 300 else { break }
      frontier.append(try tree.hash(level: 0, index: size), using: hasher)
    }
  }

  @Test func `a frontier goes on from its size and hashes`() throws {
    let tree = TestTree(size: 20)
    let stored = try Frontier(size: 13, from: tree)

    var frontier = Frontier(size: stored.size, hashes: stored.hashes)
    for leaf in 13..<20 { frontier.append(try tree.hash(level: 0, index: leaf), using: hasher) }

    #expect(frontier == tree.frontier)
  }

  @Test func `each node is told of once, when it is complete`() {
    var told: [[Int]] = []
    var frontier = Frontier()

    for leaf in 0..<4 {
      let hash = hasher.leaf([UInt8(leaf)])
      frontier.append(hash, using: hasher) { level, index, _ in told.append([level, index]) }
    }

    #expect(told == [[0, 0], [0, 1], [1, 0], [0, 2], [0, 3], [1, 1], [2, 0]])
  }

  @Test func `an error while a node is stored reaches the caller`() {
    struct DiskFull: Error {}
    var frontier = Frontier()

    #expect(throws: DiskFull.self) {
      try frontier.append(hasher.empty, using: hasher) { _, _, _ in throw DiskFull() }
    }
  }

  @Test func `the left subtree has the largest power of two below the size`() {
    #expect([2, 3, 4, 5, 8, 9, 1 << 40].map(Tree.leftSize(of:)) == [1, 2, 2, 4, 4, 8, 1 << 39])
  }
}
