import CanonicalJSON
import TransparencyLog

/// Holds a ledger to a checkpoint that was remembered outside it: it may have grown, nothing else.
package struct CheckpointFollower: Sendable {
  /// The newest checkpoint that was verified before.
  package let remembered: Checkpoint

  package init(remembered: Checkpoint) { self.remembered = remembered }

  /// Checks that the first entries of `source`, whose verified tree is `now`, are the remembered
  /// ones.
  ///
  /// Costs a logarithm of the ledger's size: the proof comes from stored tiles, which nobody
  /// trusts, and holds only if both roots do.
  ///
  /// - Throws: ``FollowError``, with both values; the remembered one stays what to hold on to.
  package func follow(_ now: Checkpoint, in source: any LedgerSource) throws(FollowError) {
    guard let before = LedgerOrigin(parsing: remembered.origin),
      let after = LedgerOrigin(parsing: now.origin), before.stem == after.stem,
      before.incarnation <= after.incarnation
    else { throw .anotherLedger(remembered: remembered.origin, now: now.origin) }
    guard now.size >= remembered.size else {
      throw .shrunken(remembered: remembered.size, now: now.size)
    }
    let proof = try? consistencyProof(
      from: remembered.size, to: now.size, from: StoredTree(source: source),
      using: CryptoHashing())
    let isPrefix = proof?.isValid(
      fromRoot: remembered.root, toRoot: now.root, using: CryptoHashing())
    guard isPrefix ?? false else {
      throw .forked(
        remembered: SeenTree(root: remembered.root, size: remembered.size),
        now: SeenTree(root: now.root, size: now.size))
    }
  }
}

/// Why a ledger is not what it was.
package enum FollowError: Error, Hashable, Sendable {
  case anotherLedger(remembered: String, now: String)
  case shrunken(remembered: Int, now: Int)
  /// Some of the first `remembered.size` entries are not the ones that were verified before.
  case forked(remembered: SeenTree, now: SeenTree)
}

extension FollowError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .anotherLedger(let remembered, let now):
      "Refused: this is ledger \(now), and \(remembered) was verified before."
    case .shrunken(let remembered, let now):
      """
      Refused: \(remembered) entries were verified before, and only \(now) are here. If the ledger \
      was restored from a copy, its administrator starts an incarnation that says so.
      """
    case .forked(let remembered, let now):
      """
      Refused: the \(remembered.size) entries verified before had root \(remembered.root); they \
      are not the beginning of the \(now.size) entries here, root \(now.root).
      """
    }
  }
}
