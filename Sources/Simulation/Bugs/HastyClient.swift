import CanonicalJSON
import Cryptography
import Events
import LedgerStore
import TestKit
import TransparencyLog

/// Gives a receipt before the ledger has committed: the planted bug.
///
/// The receipt is the one that the ledger itself would give, if all went well.
struct HastyClient {
  let reference: ReferenceLedger
  let now: Timestamp

  func receipt(for attempt: Attempt) throws -> Receipt {
    let recorded = max(now, reference.entries.last?.recorded ?? now)
    let line = EntryLine(
      header: attempt.envelope.header, signatures: attempt.envelope.signatures,
      recorded: recorded)
    var tree = reference.tree
    tree.append(ReferenceTree.leaf(of: line.bytes))
    let size = tree.leaves.count
    return Receipt(
      extra: line.bytes, index: size - 1, hashes: tree.inclusionPath(of: size - 1, inSize: size),
      note: try note(size, root: tree.root(ofSize: size)))
  }

  private func note(_ size: Int, root: Digest) throws -> SignedNote {
    let origin = reference.origin.description
    let text = try Checkpoint(origin: origin, size: size, root: root).text
    let key = try VerifierKey(
      name: origin, algorithm: .ed25519, key: GoldenKey.log.signing.publicKey.raw,
      using: LibcryptoHashing())
    return SignedNote(
      text: text, signatures: [key.signature(on: text) { GoldenKey.log.signing.sign($0) }])
  }
}
