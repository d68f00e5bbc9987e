import CanonicalJSON
import Testing
import TransparencyLog

/// Every proof of every tree up to 72 leaves, and what becomes of it when something is changed.
@Suite struct ProofTests {
  static let size = 72
  let tree = TestTree(size: Self.size)

  @Test func `every leaf of every tree is proven, against its own root and no other`() throws {
    for size in 1...Self.size {
      for leaf in 0..<size {
        let proof = try tree.inclusionProof(of: leaf, size: size)
        let leafHash = try tree.hash(level: 0, index: leaf)

        for other in 1...Self.size {
          let claimed = InclusionProof(leaf: leaf, treeSize: other, hashes: proof.hashes)
          let isValid = claimed.isValid(
            leafHash: leafHash, root: tree.roots[other], using: hasher)
          #expect(isValid == (other == size), "leaf \(leaf) of \(size), claimed of \(other)")
        }
      }
    }
  }

  @Test func `every tree is proven to begin every later one, and no other`() throws {
    for to in 0...Self.size {
      for from in 0...to {
        let proof = try tree.consistencyProof(from: from, to: to)

        #expect(
          proof.isValid(fromRoot: tree.roots[from], toRoot: tree.roots[to], using: hasher))
        for other in Set([from - 1, from + 1, to - 1, 1, Self.size]) where tree.isSize(other) {
          #expect(
            other == from
              || !proof.isValid(
                fromRoot: tree.roots[other], toRoot: tree.roots[to], using: hasher)
          )
          #expect(
            other == to || from == 0
              || !proof.isValid(
                fromRoot: tree.roots[from], toRoot: tree.roots[other], using: hasher)
          )
        }
      }
    }
  }

  @Test(arguments: 1...12)
  func `a flipped bit in a path, leaf or root is refused`(size: Int) throws {
    for leaf in 0..<size {
      let proof = try tree.inclusionProof(of: leaf, size: size)
      let leafHash = try tree.hash(level: 0, index: leaf)
      let root = tree.roots[size]

      for bit in 0..<256 {
        #expect(!proof.isValid(leafHash: leafHash.flipping(bit: bit), root: root, using: hasher))
        #expect(!proof.isValid(leafHash: leafHash, root: root.flipping(bit: bit), using: hasher))
        for place in proof.hashes.indices {
          let changed = proof.flipping(bit: bit, at: place)
          #expect(!changed.isValid(leafHash: leafHash, root: root, using: hasher))
        }
      }
    }
  }

  @Test(arguments: 1...12)
  func `a flipped bit in a consistency proof or its roots is refused`(to: Int) throws {
    for from in 1..<to {
      let proof = try tree.consistencyProof(from: from, to: to)
      let (fromRoot, toRoot) = (tree.roots[from], tree.roots[to])

      for bit in 0..<256 {
        let (badFrom, badTo) = (fromRoot.flipping(bit: bit), toRoot.flipping(bit: bit))
        #expect(!proof.isValid(fromRoot: badFrom, toRoot: toRoot, using: hasher))
        #expect(!proof.isValid(fromRoot: fromRoot, toRoot: badTo, using: hasher))
        for place in proof.hashes.indices {
          let changed = proof.flipping(bit: bit, at: place)
          #expect(!changed.isValid(fromRoot: fromRoot, toRoot: toRoot, using: hasher))
        }
      }
    }
  }

  @Test func `a proof for another leaf of the tree is refused`() throws {
    for size in 2...Self.size {
      for leaf in 0..<size {
        let proof = try tree.inclusionProof(of: leaf, size: size)
        let leafHash = try tree.hash(level: 0, index: leaf)

        for bit in 0..<Int.bitWidth - 1 {
          let moved = InclusionProof(
            leaf: leaf ^ 1 << bit, treeSize: size, hashes: proof.hashes)
          #expect(!moved.isValid(leafHash: leafHash, root: tree.roots[size], using: hasher))
        }
      }
    }
  }

  @Test func `a consistency proof from another size is refused`() throws {
    for to in 2...Self.size {
      for from in 1..<to {
        let proof = try tree.consistencyProof(from: from, to: to)
        let (fromRoot, toRoot) = (tree.roots[from], tree.roots[to])

        for other in 1...to where other != from {
          let moved = ConsistencyProof(from: other, to: to, hashes: proof.hashes)
          #expect(!moved.isValid(fromRoot: fromRoot, toRoot: toRoot, using: hasher))
        }
      }
    }
  }

  @Test func `a hash too few or too many is refused`() throws {
    for size in 1...Self.size {
      let (leaf, root) = (size / 3, tree.roots[size])
      let leafHash = try tree.hash(level: 0, index: leaf)
      let hashes = try tree.inclusionProof(of: leaf, size: size).hashes
      let longer = InclusionProof(leaf: leaf, treeSize: size, hashes: hashes + [root])
      let shorter = InclusionProof(leaf: leaf, treeSize: size, hashes: hashes.dropLast())

      #expect(longer.root(fromLeafHash: leafHash, using: hasher) == nil)
      #expect(hashes.isEmpty || shorter.root(fromLeafHash: leafHash, using: hasher) == nil)
    }
    for to in 1...Self.size {
      let (from, toRoot) = (to / 2, tree.roots[to])
      let hashes = try tree.consistencyProof(from: from, to: to).hashes
      let longer = ConsistencyProof(from: from, to: to, hashes: hashes + [toRoot])
      let shorter = ConsistencyProof(from: from, to: to, hashes: hashes.dropLast())

      #expect(!longer.isValid(fromRoot: tree.roots[from], toRoot: toRoot, using: hasher))
      #expect(
        hashes.isEmpty
          || !shorter.isValid(fromRoot: tree.roots[from], toRoot: toRoot, using: hasher))
    }
  }

  @Test func `a proof about impossible places is refused`() {
    let root = tree.roots[3]

    for (leaf, size) in [(-1, 3), (3, 3), (0, 0), (0, -1)] {
      let proof = InclusionProof(leaf: leaf, treeSize: size, hashes: [])
      #expect(proof.root(fromLeafHash: root, using: hasher) == nil)
    }
    for (from, to) in [(-1, 3), (4, 3)] {
      let proof = ConsistencyProof(from: from, to: to, hashes: [])
      #expect(!proof.isValid(fromRoot: root, toRoot: root, using: hasher))
    }
  }

  @Test func `a proof that cannot exist is not asked of the reader`() {
    #expect(throws: TransparencyLogError.leafOutsideTree(leaf: 5, treeSize: 5)) {
      try tree.inclusionProof(of: 5, size: 5)
    }
    #expect(throws: TransparencyLogError.leafOutsideTree(leaf: -1, treeSize: 5)) {
      try tree.inclusionProof(of: -1, size: 5)
    }
    #expect(throws: TransparencyLogError.sizesOutOfOrder(from: 6, to: 5)) {
      try tree.consistencyProof(from: 6, to: 5)
    }
  }

  @Test func `a node that the store lost is the reader's error`() {
    let node = TestTree.Node(level: 4, index: 4)

    #expect(throws: TestTree.NodeMissing(node: node)) {
      try tree.inclusionProof(of: 0, size: 80)
    }
  }

  @Test func `errors name what was asked`() {
    #expect(
      "\(TransparencyLogError.leafOutsideTree(leaf: 5, treeSize: 5))"
        == "Nothing was proven: entry 5 is not among the first 5.")
    #expect(
      "\(TransparencyLogError.sizesOutOfOrder(from: 6, to: 5))"
        == "Nothing was proven: a log of 6 entries cannot grow into one of 5.")
  }
}

extension TestTree {
  fileprivate func isSize(_ size: Int) -> Bool { roots.indices.contains(size) }
}

extension InclusionProof {
  fileprivate func flipping(bit: Int, at place: Int) -> InclusionProof {
    var hashes = hashes
    hashes[place] = hashes[place].flipping(bit: bit)
    return InclusionProof(leaf: leaf, treeSize: treeSize, hashes: hashes)
  }
}

extension ConsistencyProof {
  fileprivate func flipping(bit: Int, at place: Int) -> ConsistencyProof {
    var hashes = hashes
    hashes[place] = hashes[place].flipping(bit: bit)
    return ConsistencyProof(from: from, to: to, hashes: hashes)
  }
}
