import Events
import Rollouts

/// What the agent knows of each instance between rollouts: only changes and one sum a window are
/// recorded. Pure: probe results and times in, events out.
struct HealthMonitor {
  fileprivate struct Watched {
    let component: ComponentName
    var state = HealthState.unknown
    var passes = 0
    var failures = 0
    var window = Window()
  }

  fileprivate struct Window {
    var passes = 0
    var failures = 0
    /// Of the passes, in microseconds.
    var latencies: [Int] = []
  }

  /// Answers in a row that change what is believed.
  private let threshold: Int
  private let windowMs: Int
  private var watched: [InstanceName: Watched] = [:]
  private var windowSince: Timestamp

  init(threshold: Int, windowMs: Int = 60_000, since: Timestamp) {
    self.threshold = threshold
    self.windowMs = windowMs
    windowSince = since
  }

  /// One answer; a change of state when this was the one that makes it so.
  mutating func note(
    _ result: ProbeResult, of instance: InstanceName, component: ComponentName
  ) -> HealthChanged? {
    var one = watched[instance] ?? Watched(component: component)
    one.count(result)
    let believed = one.believed(after: threshold)
    defer { watched[instance] = one }
    guard let believed, believed != one.state else { return nil }
    let change = HealthChanged(
      component: component, instance: instance, from: one.state, to: believed,
      reason: MachineWords(result.reason))
    one.state = believed
    return change
  }

  /// Forgets instances that do not run any more.
  mutating func keep(_ instances: Set<InstanceName>) {
    watched = watched.filter { instances.contains($0.key) }
  }

  /// The sums of the window that is over; none while it is not, or when nobody was asked.
  mutating func sums(at now: Timestamp) -> [HealthSummarized] {
    let elapsed = Int(now.microseconds(since: windowSince) / 1_000)
    guard elapsed >= windowMs else { return [] }
    windowSince = now
    return watched.keys.sorted().compactMap { instance in
      guard let one = watched[instance] else { return nil }
      watched[instance]?.window = Window()
      return one.sum(of: instance, windowMs: elapsed)
    }
  }
}

extension HealthMonitor.Watched {
  fileprivate mutating func count(_ result: ProbeResult) {
    switch result.verdict {
    case .pass:
      passes += 1
      failures = 0
      window.passes += 1
      window.latencies.append(Int(result.latencyMicroseconds))
    case .fail:
      passes = 0
      failures += 1
      window.failures += 1
    }
  }

  /// nil while the answers in a row are too few to believe anything new.
  fileprivate func believed(after threshold: Int) -> HealthState? {
    if failures >= threshold { return .unhealthy }
    if passes >= (state == .unhealthy ? threshold : 1) { return .healthy }
    return nil
  }

  fileprivate func sum(of instance: InstanceName, windowMs: Int) -> HealthSummarized? {
    guard window.passes + window.failures > 0 else { return nil }
    let sorted = window.latencies.sorted()
    return HealthSummarized(
      component: component, instance: instance, windowMs: windowMs, passes: window.passes,
      failures: window.failures, latencyUsMax: sorted.last ?? 0,
      latencyUsMedian: sorted.isEmpty ? 0 : sorted[(sorted.count - 1) / 2])
  }
}
