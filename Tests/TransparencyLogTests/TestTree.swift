import CanonicalJSON
import Cryptography
import TransparencyLog

/// The tree's hashes by libcrypto.
struct LibcryptoHashing: TreeHashing {
  func digest(_ data: UnsafeRawBufferPointer) -> Digest { Digest(bytes: SHA256.hash(data)) }

  func leaf(_ data: UnsafeRawBufferPointer) -> Digest { digest([0x00] + Array(data)) }

  func node(_ left: Digest, _ right: Digest) -> Digest { digest([0x01] + left.bytes + right.bytes) }
}

let hasher = LibcryptoHashing()

/// A tree in memory, holding exactly the nodes that its frontier told of.
struct TestTree: HashReader {
  struct Node: Hashable {
    let level: Int
    let index: Int
  }

  /// Asked for a node that is not complete in this tree.
  struct NodeMissing: Error, Hashable { let node: Node }

  private(set) var nodes: [Node: Digest] = [:]
  private(set) var frontier = Frontier()
  /// By size.
  private(set) var roots: [Digest]

  /// Leaf i holds the decimal text of i, as in `tools/merkle-vectors.py`.
  init(size: Int) {
    self.init(leaves: (0..<size).map { Array(String($0).utf8) })
  }

  init(leaves: [[UInt8]]) {
    roots = [hasher.empty]
    for leaf in leaves {
      frontier.append(hasher.leaf(leaf), using: hasher) { level, index, hash in
        nodes[Node(level: level, index: index)] = hash
      }
      roots.append(frontier.root(using: hasher))
    }
  }

  func hash(level: Int, index: Int) throws -> Digest {
    let node = Node(level: level, index: index)
    guard let hash = nodes[node] else { throw NodeMissing(node: node) }
    return hash
  }
}

extension TestTree {
  func inclusionProof(of leaf: Int, size: Int) throws -> InclusionProof {
    try TransparencyLog.inclusionProof(of: leaf, inTreeOf: size, from: self, using: hasher)
  }

  func consistencyProof(from: Int, to: Int) throws -> ConsistencyProof {
    try TransparencyLog.consistencyProof(from: from, to: to, from: self, using: hasher)
  }
}

extension Digest {
  /// With one of its 256 bits turned.
  func flipping(bit: Int) -> Digest {
    var bytes = bytes
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return Digest(bytes: bytes)
  }
}
