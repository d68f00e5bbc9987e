import LedgerStore
import Projections

/// The one state of a process: opened from the newest snapshot, folded on from there.
struct StateKeeper {
  private let snapshots: StateSnapshots
  private var state: LedgerState?
  /// Bytes folded since the newest snapshot that is known.
  private var unkeptBytes = 0
  /// Bytes of entries between two snapshots. One that is longer comes only after as many bytes of
  /// entries, so that writing snapshots never costs more than writing entries.
  private var interval: Int
  private let intervalMin: Int

  /// 1 MiB: a few milliseconds of folding.
  static let interval = 1 << 20

  /// - Parameter interval: Bytes of entries between two snapshots, at least.
  init(_ snapshots: StateSnapshots, interval: Int) {
    self.snapshots = snapshots
    self.interval = interval
    intervalMin = interval
  }

  /// Whether folding what came since the newest snapshot is worth a new one.
  var isDue: Bool { unkeptBytes >= interval }

  /// The state of the first `size` entries, or of more when more were folded before.
  ///
  /// - Throws: What ``LedgerState/fold(_:upTo:)`` throws; the next call starts again.
  mutating func current(size: Int) throws -> LedgerState {
    // Taken out while it is folded, so that nothing is copied.
    var folded = state.take() ?? open(size: size)
    if folded.size < size {
      (folded, unkeptBytes) = try snapshots.ledger.read { [unkeptBytes] reader in
        let read = try folded.fold(reader, upTo: size)
        return (folded, unkeptBytes + read)
      }
    }
    state = folded
    return folded
  }

  private mutating func open(size: Int) -> LedgerState {
    unkeptBytes = 0
    guard let found = snapshots.newest(upTo: size) else { return LedgerState() }
    interval = max(intervalMin, found.byteCount)
    return found.state
  }

  /// Takes note that the state is being stored.
  mutating func beginKeeping() { unkeptBytes = 0 }

  /// Takes note of the length of what was stored.
  mutating func kept(byteCount: Int) { interval = max(intervalMin, byteCount) }
}
