import Events

/// The versions of streams after what this process has written to them, so that an observer who
/// writes on and on need not read them back.
///
/// Right until somebody else writes there. That the ledger tells, by a conflict; then all of it is
/// forgotten.
struct WrittenVersions {
  private var newest: [StreamName: Int] = [:]
  /// About 1 MB.
  private static let streamsMax = 4_096

  /// The version that the stream's next event takes; nil when that has to be read.
  func next(of stream: StreamName) -> Int? { newest[stream].map { $0 + 1 } }

  /// Takes note of a draft that was recorded, its streams beginning at the versions `first`.
  mutating func note(_ draft: EntryDraft, first: [StreamName: Int]) {
    if newest.count > Self.streamsMax { forget() }
    newest.merge(first.mapValues { $0 - 1 }) { _, before in before }
    for event in draft.events { newest[event.stream, default: 0] += 1 }
  }

  mutating func forget() { newest = [:] }
}
