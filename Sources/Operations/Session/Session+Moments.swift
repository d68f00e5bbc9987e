import Events
import LedgerStore
import Projections

extension Session {
  /// A moment, and how much of the ledger there was by then.
  package struct Instant: Sendable {
    /// Entries.
    package let size: Int
    package let time: Timestamp
    /// Not now: what runs cannot be asked about it.
    package let isPast: Bool

    package init(size: Int, time: Timestamp, isPast: Bool) {
      self.size = size
      self.time = time
      self.isPast = isPast
    }
  }

  /// What the ledger said at some time.
  package struct Moment: Sendable {
    package let state: LedgerState
    package let time: Timestamp
    /// Not now: what runs cannot be asked about it.
    package let isPast: Bool
  }

  package func now() throws -> Moment {
    Moment(state: try state(), time: time.now(), isPast: false)
  }

  /// What the ledger said at ``instant(of:in:)``.
  package func moment(of selector: Selector, in place: Place) throws -> Moment {
    try moment(at: instant(of: selector, in: place))
  }

  /// What the ledger said at a time that is over, by the log's clock.
  package func moment(at time: Timestamp) throws -> Moment { try moment(at: instant(at: time)) }

  private func moment(at instant: Instant) throws -> Moment {
    guard instant.isPast else { return try now() }
    return Moment(state: try state(ofSize: instant.size), time: instant.time, isPast: true)
  }

  package func thisInstant() throws -> Instant {
    Instant(size: try state().size, time: time.now(), isPast: false)
  }

  /// A time, by the log's clock, or when the last of a release was recorded before its place's next
  /// one.
  ///
  /// - Throws: `SelectorError` when there is no such release.
  package func instant(of selector: Selector, in place: Place) throws -> Instant {
    let now = try state()
    if case .time(let time) = selector.choice { return try instant(at: time) }
    let release = try now.releases.resolve(selector, of: place.application)
    let size = min(now.size, now.releases.end(of: release, in: place))
    guard size < now.size else { return try thisInstant() }
    let last = try ledger.read { try $0.entry(at: size - 1).recorded }
    return Instant(size: size, time: last, isPast: true)
  }

  /// A time that is over, by the log's clock.
  package func instant(at time: Timestamp) throws -> Instant {
    Instant(size: try size(at: time), time: time, isPast: true)
  }

  /// How many entries had been recorded by `time`, those of its microsecond included.
  private func size(at time: Timestamp) throws -> Int {
    let after = Timestamp(microseconds: time.microseconds + 1) ?? time
    let newest = try ledger.read {
      try $0.positions(matching: EntryFilter(until: after, limit: 1)).last
    }
    return newest.map { $0 + 1 } ?? 0
  }
}

extension LedgerState {
  /// What a release was configured with.
  ///
  /// - Throws: ``DeploymentError/configurationMissing(_:_:)``.
  package func configuration(
    of release: Releases.Release, in place: Place
  ) throws(DeploymentError) -> Configurations.Applied {
    let version = release.configurationVersion ?? 0
    guard let applied = configurations.version(version, in: place) else {
      throw .configurationMissing(place.environment, version)
    }
    return applied
  }
}
