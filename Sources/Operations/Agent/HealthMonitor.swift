import Events
import Rollouts

/// What the agent knows of each instance between rollouts: only changes and one sum a window are
/// recorded. Pure: probe results and times in, events out.
///
/// No answer is not health, and no question is not either: an instance that nobody asked for
/// ``HealthLimits/silenceMs`` is unknown. Its window ends with its last probe, so windows add up to
/// the time in which something was known, and what is between them is unknown time.
struct HealthMonitor {
  fileprivate struct Watched {
    let component: ComponentName
    var state = HealthState.unknown
    var passes = 0
    var failures = 0
    var probedAt: Timestamp?
    var window: Window?
  }

  fileprivate struct Window {
    let since: Timestamp
    var passes = 0
    var failures = 0
    /// Of the passes, in microseconds.
    var latencies: [Int] = []
  }

  private let windowMs: Int
  private var watched: [InstanceName: Watched] = [:]

  /// How often what was seen is summed and recorded though nothing changes.
  static let windowMs = 60_000

  init(windowMs: Int = Self.windowMs) {
    self.windowMs = windowMs
  }

  /// Instances that are believed to be well.
  var healthy: Set<InstanceName> { Set(watched.filter { $0.value.state == .healthy }.keys) }

  /// Instances that were asked, or known of, and are not believed to be well.
  var doubted: Set<InstanceName> { Set(watched.filter { $0.value.state != .healthy }.keys) }

  /// Takes over what the ledger knows from others, such as a rollout's driver or an earlier agent.
  ///
  /// - Parameter known: When the ledger last heard of it.
  mutating func takeOver(
    _ instance: InstanceName, component: ComponentName, state: HealthState, known: Timestamp
  ) {
    watched[instance] = Watched(component: component, state: state, probedAt: known)
  }

  /// One answer; a change of state when this was the one that makes it so.
  mutating func note(
    _ result: ProbeResult, of instance: InstanceName, component: ComponentName, at now: Timestamp,
    by limits: HealthLimits
  ) -> HealthChanged? {
    var one = watched[instance] ?? Watched(component: component)
    one.count(result, at: now)
    defer { watched[instance] = one }
    guard let believed = one.believed(by: limits), believed != one.state else { return nil }
    return one.change(of: instance, to: believed, because: result.reason)
  }

  /// What became of instances that were not asked for too long, to be looked at before the next
  /// answers are noted: the sum of the window that ended with the last probe, and the change.
  mutating func lapses(at now: Timestamp, by limits: HealthLimits) -> [HealthEvent] {
    var events: [HealthEvent] = []
    for instance in watched.keys.sorted() {
      guard var one = watched[instance], let silentMs = one.silentMs(at: now),
        silentMs > limits.silenceMs
      else { continue }
      if let sum = one.closeWindow(of: instance, at: one.probedAt) {
        events.append(.summarized(sum))
      }
      if one.state != .unknown {
        events.append(
          .changed(
            one.change(of: instance, to: .unknown, because: "not probed for \(silentMs) ms")))
      }
      watched[instance] = Watched(component: one.component)
    }
    return events
  }

  /// The sums of the windows that are over.
  mutating func sums(at now: Timestamp) -> [HealthSummarized] {
    watched.keys.sorted().compactMap { instance in
      guard let since = watched[instance]?.window?.since,
        since.adding(milliseconds: windowMs) <= now
      else { return nil }
      return watched[instance]?.closeWindow(of: instance, at: now)
    }
  }

  /// Its process is gone: what was known of it says nothing about the next one.
  mutating func forget(_ instance: InstanceName) { watched[instance] = nil }

  /// Forgets instances that do not run any more.
  mutating func keep(_ instances: Set<InstanceName>) {
    watched = watched.filter { instances.contains($0.key) }
  }
}

extension HealthMonitor.Watched {
  fileprivate mutating func count(_ result: ProbeResult, at now: Timestamp) {
    probedAt = now
    var sums = window ?? .init(since: now)
    switch result.verdict {
    case .pass:
      passes += 1
      failures = 0
      sums.passes += 1
      sums.latencies.append(Int(result.latencyMicroseconds))
    case .fail:
      passes = 0
      failures += 1
      sums.failures += 1
    }
    window = sums
  }

  /// nil while the answers in a row are too few to believe anything new.
  fileprivate func believed(by limits: HealthLimits) -> HealthState? {
    if failures >= limits.unhealthyThreshold { return .unhealthy }
    if passes >= limits.healthyThreshold { return .healthy }
    return nil
  }

  fileprivate func silentMs(at now: Timestamp) -> Int? {
    probedAt.map { Int(now.microseconds(since: $0) / 1_000) }
  }

  fileprivate mutating func change(
    of instance: InstanceName, to state: HealthState, because reason: String
  ) -> HealthChanged {
    defer { self.state = state }
    return HealthChanged(
      component: component, instance: instance, from: self.state, to: state,
      reason: MachineWords(reason))
  }

  fileprivate mutating func closeWindow(
    of instance: InstanceName, at end: Timestamp?
  ) -> HealthSummarized? {
    guard let window, let end else { return nil }
    self.window = nil
    let sorted = window.latencies.sorted()
    return HealthSummarized(
      component: component, instance: instance,
      windowMs: max(0, Int(end.microseconds(since: window.since) / 1_000)),
      passes: window.passes, failures: window.failures, latencyUsMax: sorted.last ?? 0,
      latencyUsMedian: sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2])
  }
}
