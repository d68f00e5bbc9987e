import CanonicalJSON
import Synchronization

@testable import Verification

/// A ledger of given lines, with full tiles that may be right, wrong or not there, and lines that
/// may have been changed since they were read. Counts what is fetched.
final class StoredLines: LedgerSource {
  let ledger: MemoryLedger
  let leaves: [Digest]
  /// What is handed out in the place of lines.
  let changed: [Int: [UInt8]]
  private let positions: [Identifier: Int]
  private let tiles: Tiles
  private let counts = Mutex((tiles: 0, lines: 0))

  enum Tiles {
    case right, missing, short, wrong
  }

  init(_ ledger: MemoryLedger, tiles: Tiles = .right, changed: [Int: [UInt8]] = [:]) {
    self.ledger = ledger
    self.tiles = tiles
    self.changed = changed
    leaves = ledger.entries.map { $0.line.withUnsafeBytes { Hashing.leaf($0) } }
    let ids = ledger.entries.enumerated().compactMap { position, entry in
      entry.line.withUnsafeBytes { LineHeader.read($0) }.map { ($0.entry, position) }
    }
    positions = Dictionary(ids) { first, _ in first }
  }

  /// `count` lines that are no entries, for what needs only their hashes.
  convenience init(count: Int, tiles: Tiles = .right, changed: [Int: [UInt8]] = [:]) {
    let lines = (0..<count).map { MemoryLedger.Entry(line: Array("line \($0)".utf8), body: nil) }
    self.init(MemoryLedger(entries: lines), tiles: tiles, changed: changed)
  }

  var tilesFetched: Int { counts.withLock { $0.tiles } }
  var linesRead: Int { counts.withLock { $0.lines } }

  var file: String { "lines" }

  func contents(countingRows: Bool) -> LedgerContents {
    ledger.contents(countingRows: countingRows)
  }

  func read(_ positions: Range<Int>, _ each: (EntryBytes) -> Void) {
    for position in positions {
      counts.withLock { $0.lines += 1 }
      guard let line = changed[position] else {
        ledger.read(position..<position + 1, each)
        continue
      }
      line.withUnsafeBytes {
        each(EntryBytes(position: position, line: $0, body: nil, stored: nil))
      }
    }
  }

  func sealed(_ place: SealedPlace) -> SealedAnswer { ledger.sealed(place) }

  func tile(level: Int, index: Int) -> StoredTile? {
    guard level == 0, (index + 1) * 256 <= leaves.count else { return nil }
    counts.withLock { $0.tiles += 1 }
    var naive = NaiveTree(Array(leaves[index * 256..<index * 256 + 256]))
    var hashes = naive.leaves.flatMap(\.bytes)
    switch tiles {
    case .right: break
    case .missing: return nil
    case .short: hashes.removeLast()
    case .wrong: hashes[8_191] ^= 1
    }
    return StoredTile(hashes: hashes, root: naive.root(at: 256))
  }

  func position(of id: Identifier) -> Int? { positions[id] }
}

/// RFC 6962 §2.1, word for word: the second opinion about every root.
struct NaiveTree {
  let leaves: [Digest]
  private var known: [Range<Int>: Digest] = [:]

  init(_ leaves: [Digest]) { self.leaves = leaves }

  mutating func root(at size: Int) -> Digest {
    size == 0 ? Hashing.sha256([]) : root(over: 0..<size)
  }

  /// Complete subtrees, largest first.
  mutating func frontier(at size: Int) -> [Digest] {
    var hashes: [Digest] = []
    var start = 0
    for level in (0..<Int.bitWidth - 1).reversed() where size >> level & 1 == 1 {
      hashes.append(root(over: start..<start + 1 << level))
      start += 1 << level
    }
    return hashes
  }

  private mutating func root(over range: Range<Int>) -> Digest {
    if range.count == 1 { return leaves[range.lowerBound] }
    if let hash = known[range] { return hash }
    // k is the largest power of two smaller than n.
    var k = 1
    while k * 2 < range.count { k *= 2 }
    let split = range.lowerBound + k
    let hash = Hashing.node(
      root(over: range.lowerBound..<split), root(over: split..<range.upperBound))
    if range.count == k * 2 { known[range] = hash }
    return hash
  }
}
