import CanonicalJSON
import LedgerStore
import Projections

/// States in the ledger's own cache: a shorter way to an answer, never another answer.
///
/// A snapshot counts only with an HMAC over name, revision, size, root and bytes, under a key that
/// is kept with the signing keys, and with the root of this ledger at its size. Everything else,
/// and everything that fails here, is as good as no snapshot: the state is folded from the entries.
struct StateSnapshots: Sendable {
  let ledger: Ledger
  /// 32 bytes; without them there are no snapshots.
  let key: [UInt8]?

  /// The newest state of at most `size` entries; nil without a usable one.
  func newest(upTo size: Int) -> Found? {
    guard let key,
      let stored = try? ledger.snapshot(
        LedgerState.name, revision: LedgerState.revision, upTo: size, key: key),
      let json = try? JSONValue(parsing: stored.bytes),
      let state = try? LedgerState(snapshot: json), state.size == stored.size
    else { return nil }
    return Found(state: state, byteCount: stored.bytes.count)
  }

  /// A state that was stored, and how long its bytes are.
  struct Found: Sendable {
    let state: LedgerState
    let byteCount: Int
  }

  /// Stores `state` for those who come later, beside whatever its caller does.
  @concurrent func storeBeside(_ state: LedgerState, readAs tree: ReadTree?) async -> Int? {
    store(state, readAs: tree)
  }

  /// Stores `state` for those who come later, durable by its own transaction, once the entries that
  /// it was folded from are proven: whoever begins with it proves only what came after.
  ///
  /// - Returns: The length of its bytes; nil when it was not stored: while another process appends,
  ///   on a full disk, without a key. Nothing is lost then but the shorter way.
  func store(_ state: LedgerState, readAs tree: ReadTree?) -> Int? {
    guard key != nil, let tree, tree.size == state.size,
      (try? ledger.read { try $0.prove(tree) }) != nil,
      let bytes = try? state.snapshot.canonicalBytes()
    else { return nil }
    let snapshot = Snapshot(
      name: LedgerState.name, revision: LedgerState.revision, size: state.size, bytes: bytes)
    do { try ledger.store(snapshot) } catch { return nil }
    return bytes.count
  }
}
