import Environments
import Events
import Projections

/// What a scan says that the ledger does not know yet. Pure.
///
/// A difference is found once, and stays so until a scan has looked there and does not see it: what
/// could not be looked at resolves nothing.
package struct DriftNews: Hashable, Sendable {
  package let found: [DriftFinding]
  package let resolved: [DriftFinding]

  init(open: [DriftFinding], now: [DriftFinding]) {
    let (before, seen) = (Set(open), Set(now))
    let blind = now.filter { $0.sort == .notCompared }
    found = now.filter { !before.contains($0) }
    resolved = open.filter { !seen.contains($0) && $0.isLookedAt(despite: blind) }
  }

  /// Events of one entry: with the longest texts they are within its body.
  private static let eventsPerEntry = 150

  /// Entries in the order in which they are recorded: the scan itself comes last.
  func entries(_ scanned: DriftScanned, in place: Place) -> [[DraftEvent]] {
    let stream = StreamName.drift(place.application, place.environment)
    let events =
      resolved.map { DraftEvent(DriftResolved($0), in: stream, scope: place.scope) }
      + found.map { DraftEvent(DriftFound($0), in: stream, scope: place.scope) }
      + [DraftEvent(scanned, in: stream, scope: place.scope)]
    return stride(from: 0, to: events.count, by: Self.eventsPerEntry).map { begin in
      Array(events[begin..<min(begin + Self.eventsPerEntry, events.count)])
    }
  }
}

extension DriftFinding {
  /// Whether a scan looked where this was found. Another reason for the same blindness takes the
  /// place of this one.
  fileprivate func isLookedAt(despite blind: [DriftFinding]) -> Bool {
    !blind.contains { other in
      guard other.part == part else { return false }
      if sort == .notCompared, other.instance == instance { return false }
      return other.instance == nil || other.instance == instance
    }
  }
}
