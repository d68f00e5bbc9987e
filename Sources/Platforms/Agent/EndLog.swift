import Rollouts

/// The ends an agent has seen, and those it found at its start, counted, for clients that come back
/// to ask what they missed.
actor EndLog {
  private var kept: [ReplicaEnd] = []
  /// How many have been recorded ever; the last of them are in ``kept``.
  private(set) var count = 0
  private let news = Broadcast<Int>()

  private static let keptAtMost = 1_000

  func record(_ end: ReplicaEnd) {
    kept = kept.suffix(Self.keptAtMost - 1) + [end]
    count += 1
    news.tell(count)
  }

  /// Lets everyone who waits go.
  nonisolated func finish() { news.finish() }

  /// The ends recorded after the first `after` ones, of the last thousand; waits for one at most
  /// `limit`.
  func ends(after: Int, waiting limit: Duration) async -> (ends: [ReplicaEnd], next: Int) {
    if count <= after {
      let news = news.listen()
      _ = try? await race(limit) {
        for await count in news where count > after { return }
      }
    }
    return (Array(kept.suffix(max(0, count - after))), count)
  }
}
