import CanonicalJSON
import Events
import TransparencyLog

/// The tree over entries as they were read: by its root whoever folds them knows that none was
/// altered, left out or put in since the log signed them.
///
/// What is found in a database can be proven by itself; that nothing more is to be found there,
/// such as a suspension or a rejection, only by all of it.
package struct ReadTree: Sendable {
  private var frontier: Frontier

  fileprivate init(_ frontier: Frontier) { self.frontier = frontier }

  /// Entries read.
  package var size: Int { frontier.size }

  var root: Digest { frontier.root(using: LibcryptoHashing()) }

  /// Takes in the next entry by the line that its columns make.
  ///
  /// - Throws: ``LedgerError/rowDamaged(position:detail:)`` for columns that make none.
  package mutating func append(_ view: EntryView) throws(LedgerError) {
    guard let recorded = Timestamp(microseconds: view.recorded) else {
      throw LedgerError.rowDamaged(
        position: view.position, detail: "its time is beyond the calendar")
    }
    let line = EntryLine(
      header: Array(view.header),
      signatures: try [EntrySignature](packed: view.signatures, at: view.position),
      recorded: recorded)
    let hashing = LibcryptoHashing()
    frontier.append(line.bytes.withUnsafeBytes { hashing.leaf($0) }, using: hashing)
  }
}

extension LedgerReader {
  /// The tree over the first `size` entries as it is stored, to read on from there.
  package func readTree(ofSize size: Int) throws -> ReadTree {
    try state.catchUp()
    return ReadTree(try Frontier(size: size, from: state.tree))
  }

  /// Reads entries that stand one after the other, and proves that they are all that the log has
  /// signed there: what is looked for among them is in no index that somebody could have altered.
  ///
  /// - Parameter keep: What of an entry is wanted; nothing of the others stays in memory.
  /// - Throws: What ``prove(_:)`` throws; ``LedgerError/rowDamaged(position:detail:)``.
  package func proven<Kept>(
    in positions: Range<Int>, _ keep: (StoredEntry) throws -> [Kept]
  ) throws -> [Kept] {
    guard !positions.isEmpty else { return [] }
    var tree = try readTree(ofSize: positions.lowerBound)
    var kept: [Kept] = []
    try forEachEntry(in: positions) { view in
      guard view.position == tree.size else { throw Self.missing(tree.size) }
      try tree.append(view)
      kept += try keep(StoredEntry(view))
      return true
    }
    guard tree.size == positions.upperBound else { throw Self.missing(tree.size) }
    try prove(tree)
    return kept
  }

  private static func missing(_ position: Int) -> LedgerError {
    .rowDamaged(position: position, detail: "it is missing")
  }

  /// How many entries the newest checkpoint is of.
  ///
  /// - Throws: ``LedgerError/notProven(position:detail:)`` when the log's key has signed none.
  package func signedSize() throws -> Int { try signedCheckpoint(covering: 0).size }

  /// Proves that what was read is the beginning of what the newest checkpoint is of.
  ///
  /// - Throws: ``LedgerError/readingDiffers(size:read:signedSize:signed:)`` when it is not;
  ///   ``LedgerError/notProven(position:detail:)`` when no checkpoint of the log's covers it.
  package func prove(_ tree: ReadTree) throws {
    guard tree.size > 0 else { return }
    let checkpoint = try signedCheckpoint(covering: tree.size - 1)
    let proof = try consistency(from: tree.size, to: checkpoint.size)
    let hashing = LibcryptoHashing()
    let read = tree.root
    guard proof.isValid(fromRoot: read, toRoot: checkpoint.root, using: hashing) else {
      throw LedgerError.readingDiffers(
        size: tree.size, read: read, signedSize: checkpoint.size, signed: checkpoint.root)
    }
  }
}
