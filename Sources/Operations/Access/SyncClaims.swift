import Events
import Projections

/// Whether what is said of a sync is said while one is under way: from its start, which takes the
/// environment, until its end or until the environment is taken or given back.
///
/// A driver that died records no end. Whoever takes the environment from it ends its sync, and that
/// may be another sync.
struct SyncClaims {
  private var underWay: Set<Place> = []

  /// - Parameter entry: All events that are recorded with it.
  /// - Returns: What is wrong with it, as a clause; nil where nothing is.
  mutating func take(_ event: Recorded, of entry: [Recorded]) -> String? {
    guard let place = Place(event) else { return nil }
    defer { learn(event, of: entry, in: place) }
    guard case .sync(let said) = event.event else { return nil }
    switch said {
    case .started:
      return entry.contains { $0.takesLease(of: place) } ? nil : "does not take the environment"
    case .stepStarted, .stepFinished, .ended:
      return underWay.contains(place) ? nil : "is of a sync that is not under way"
    }
  }

  private mutating func learn(_ event: Recorded, of entry: [Recorded], in place: Place) {
    if event.startsSync(in: place) { underWay.insert(place) }
    if case .sync(.ended) = event.event { underWay.remove(place) }
    if case .lease(.released) = event.event { underWay.remove(place) }
    if event.takesLease(of: place), !entry.contains(where: { $0.startsSync(in: place) }) {
      underWay.remove(place)
    }
  }
}

extension Recorded {
  fileprivate func takesLease(of place: Place) -> Bool {
    if case .lease(.taken) = event { Place(self) == place } else { false }
  }

  fileprivate func startsSync(in place: Place) -> Bool {
    if case .sync(.started) = event { Place(self) == place } else { false }
  }
}
