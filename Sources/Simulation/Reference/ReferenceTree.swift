import CanonicalJSON
import Cryptography

/// The tree as RFC 6962 §2.1 defines it, word for word: recursion over all leaves.
///
/// Shares nothing with the ledger's own tree but SHA-256. What was computed is kept.
struct ReferenceTree {
  private(set) var leaves: [Digest] = []
  private var known: [Range<Int>: Digest] = [:]

  /// SHA-256(0x00 ‖ line).
  static func leaf(of line: [UInt8]) -> Digest { Digest(bytes: SHA256.hash([0] + line)) }

  mutating func append(_ leaf: Digest) { leaves.append(leaf) }

  mutating func truncate(to size: Int) {
    leaves.removeLast(leaves.count - size)
    known = known.filter { $0.key.upperBound <= size }
  }

  /// The root of the first `size` leaves.
  mutating func root(ofSize size: Int) -> Digest {
    size == 0 ? Digest(bytes: SHA256.hash([])) : hash(0..<size)
  }

  /// The leaf's sibling first.
  mutating func inclusionPath(of leaf: Int, inSize size: Int) -> [Digest] {
    path(of: leaf, in: 0..<size)
  }

  private mutating func path(of leaf: Int, in range: Range<Int>) -> [Digest] {
    guard range.count > 1 else { return [] }
    let (left, right) = Self.halves(of: range)
    return left.contains(leaf)
      ? path(of: leaf, in: left) + [hash(right)] : path(of: leaf, in: right) + [hash(left)]
  }

  private mutating func hash(_ range: Range<Int>) -> Digest {
    if range.count == 1 { return leaves[range.lowerBound] }
    if let hash = known[range] { return hash }
    let (left, right) = Self.halves(of: range)
    let node = Digest(bytes: SHA256.hash([1] + hash(left).bytes + hash(right).bytes))
    known[range] = node
    return node
  }

  /// The left half is the largest power of two that leaves something to the right.
  private static func halves(of range: Range<Int>) -> (Range<Int>, Range<Int>) {
    var power = 1
    while 2 * power < range.count { power *= 2 }
    let middle = range.lowerBound + power
    return (range.lowerBound..<middle, middle..<range.upperBound)
  }
}
