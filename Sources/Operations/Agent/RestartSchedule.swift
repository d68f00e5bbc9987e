import Events
import Platforms

/// Which replicas that ended by themselves are started again, and when. Pure: ends, starts, health
/// and times in, what is due out.
///
/// A replica stays here until it runs or is forgotten: a start that fails is tried again without
/// end. The first start comes at once, each further one after twice the wait of the one before, up
/// to ``longestWaitMs``; a replica that was well for ``provenMs`` begins anew.
struct RestartSchedule {
  fileprivate struct Watched {
    let spec: ReplicaSpec
    /// Starts since it was last well for long enough.
    var attempts = 0
    /// Starts in a row that failed.
    var failures = 0
    var state: State
  }

  fileprivate enum State: Equatable {
    case waiting(until: Timestamp)
    case starting
    case running
    case well(since: Timestamp)
  }

  static let firstWaitMs = 1_000
  static let longestWaitMs = 60_000
  static let provenMs = 300_000

  private var watched: [InstanceName: Watched] = [:]

  /// When the next start is due; nil when none is.
  var nextDue: Timestamp? { watched.values.compactMap(\.due).min() }

  mutating func ended(_ spec: ReplicaSpec, at now: Timestamp) {
    var one = watched[spec.instance] ?? Watched(spec: spec, state: .running)
    if case .well(let since) = one.state, since.adding(milliseconds: Self.provenMs) <= now {
      one.attempts = 0
    }
    one.wait(from: now)
    watched[spec.instance] = one
  }

  /// What is to be started now, in the order in which it became due. It stays due until
  /// ``begin(_:)`` or ``forget()`` is told.
  func due(at now: Timestamp) -> [ReplicaSpec] {
    watched.values.filter { $0.due.map { $0 <= now } ?? false }
      .sorted { ($0.due ?? now, $0.spec.instance) < ($1.due ?? now, $1.spec.instance) }
      .map(\.spec)
  }

  /// Whether anything is known of the instance: it ended once, since the last ``forget()``.
  func knows(_ instance: InstanceName) -> Bool { watched[instance] != nil }

  /// Its start is under way.
  mutating func begin(_ instance: InstanceName) { watched[instance]?.state = .starting }

  /// Its start was not tried: it is due at once.
  mutating func postpone(_ instance: InstanceName, at now: Timestamp) {
    watched[instance]?.state = .waiting(until: now)
  }

  mutating func started(_ instance: InstanceName) {
    watched[instance]?.failures = 0
    watched[instance]?.state = .running
  }

  /// - Returns: How many starts in a row have failed, and how long the next one is waited for; nil
  ///   for an instance that was forgotten meanwhile.
  mutating func failed(
    _ instance: InstanceName, at now: Timestamp
  ) -> (failures: Int, waitMs: Int)? {
    guard var one = watched[instance] else { return nil }
    one.failures += 1
    let waitMs = one.wait(from: now)
    watched[instance] = one
    return (one.failures, waitMs)
  }

  /// Which instances are healthy now; the others are not, or nobody knows.
  mutating func saw(healthy: Set<InstanceName>, at now: Timestamp) {
    for (instance, one) in watched {
      switch one.state {
      case .waiting, .starting: break
      case .running where healthy.contains(instance):
        watched[instance]?.state = .well(since: now)
      case .well where !healthy.contains(instance): watched[instance]?.state = .running
      case .running, .well: break
      }
    }
  }

  /// A deployment looks after its own.
  mutating func forget() { watched = [:] }
}

extension RestartSchedule.Watched {
  fileprivate var due: Timestamp? {
    if case .waiting(let until) = state { return until }
    return nil
  }

  /// - Returns: How long, in milliseconds.
  @discardableResult
  fileprivate mutating func wait(from now: Timestamp) -> Int {
    let waitMs = RestartSchedule.waitMs(before: attempts)
    attempts += 1
    state = .waiting(until: now.adding(milliseconds: waitMs))
    return waitMs
  }
}

extension RestartSchedule {
  /// Before the start that follows this many.
  static func waitMs(before attempts: Int) -> Int {
    attempts == 0 ? 0 : min(longestWaitMs, firstWaitMs << min(attempts - 1, 16))
  }
}
