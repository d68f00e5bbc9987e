import Events
import LedgerStore
import Projections

/// The one state of a process: opened from the newest snapshot, folded on from there.
struct StateKeeper {
  private let snapshots: StateSnapshots
  private var state: LedgerState?
  /// Over the entries of the state; nil for a process that only reads, which nothing rests on.
  private(set) var tree: ReadTree?
  /// Entries of the tree that are proven to be all there were, as the log has signed them.
  private var provenSize = 0
  /// The streams of the state that the store's index was held against last.
  private var provenStreams = Streams()
  /// Bytes folded since the newest snapshot that is known.
  private var unkeptBytes = 0
  /// Bytes of entries between two snapshots. A long one comes only after four times as many bytes
  /// of entries: all are kept, and a cache is to be a fifth of the file at most.
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
  /// Whoever has much to catch up with leaves a snapshot after every ``interval`` of it, so that
  /// no moment of the past is far from one.
  ///
  /// - Parameter isKeeping: Whether snapshots may be stored, and the entries are to be proven.
  /// - Throws: What ``LedgerState/fold(_:upTo:bytes:)`` throws; the next call starts again.
  mutating func current(size: Int, isKeeping: Bool) throws -> LedgerState {
    // Taken out while it is folded, so that nothing is copied.
    var folded = try state.take() ?? open(size: size, isKeeping: isKeeping)
    while folded.size < size {
      let most = isKeeping ? interval - unkeptBytes : .max
      let read = try snapshots.ledger.read {
        try folded.fold($0, upTo: size, bytes: most, into: &tree)
      }
      unkeptBytes += read
      guard isKeeping, isDue, folded.size < size else { continue }
      beginKeeping()
      if let byteCount = snapshots.store(folded, readAs: tree) { kept(byteCount: byteCount) }
    }
    state = folded
    return folded
  }

  private mutating func open(size: Int, isKeeping: Bool) throws -> LedgerState {
    (unkeptBytes, provenSize, provenStreams) = (0, 0, Streams())
    let found = snapshots.newest(upTo: size)
    let state = found?.state ?? LedgerState()
    tree =
      isKeeping ? try snapshots.ledger.read { try $0.readTree(ofSize: state.size) } : nil
    if let found { kept(byteCount: found.byteCount) }
    return state
  }

  /// Proves that the state is folded from what the log has signed, whole, unless it is known, and
  /// that the store's index of streams says the same: versions are given by it, and entries found.
  ///
  /// - Throws: What ``LedgerReader/prove(_:)`` throws, or `LedgerError.streamDiffers`; the state is
  ///   then folded anew when it is asked for next, for what was read may not stay.
  mutating func prove() throws {
    guard let proving = tree, proving.size != provenSize else { return }
    let streams = state?.streams ?? Streams()
    do {
      try snapshots.ledger.read { reader in
        try reader.prove(proving)
        try streams.compare(with: reader, inSize: proving.size, after: provenStreams)
      }
    } catch {
      (state, tree) = (nil, nil)
      throw error
    }
    (provenSize, provenStreams) = (proving.size, streams)
  }

  /// The version of a stream by the entries that were read so far, 0 for what is in none, and how
  /// many these are.
  func read(of stream: StreamName) -> (version: Int, size: Int) {
    (state?.version(of: stream) ?? 0, state?.size ?? 0)
  }

  /// Takes note that the state is being stored.
  mutating func beginKeeping() { unkeptBytes = 0 }

  /// Takes note of the length of what was stored.
  mutating func kept(byteCount: Int) { interval = max(intervalMin, 4 * byteCount) }
}

extension LedgerState {
  /// The version of a stream's newest event; 0 for one that has none.
  fileprivate func version(of stream: StreamName) -> Int {
    guard let deployment = stream.deployment else { return streams.version(of: stream) }
    return deployments.byID[deployment]?.version ?? 0
  }
}
