import Events

/// Why an environment may not be changed now: windows that are open.
///
/// It wins over every grant, role and approval. Going back is never frozen: whoever rolls back,
/// turns a rollout back or recovers one is not asked.
package struct Freeze: Hashable, Sendable {
  /// The windows that are open, at least one, in the policy's order.
  package let windows: [Window]
  /// From this moment on none is open; nil where that is more than ``horizonDays`` away.
  package let until: Timestamp?

  /// One that is open.
  package struct Window: Hashable, Sendable {
    package let rule: FreezeWindow
    /// When it is over, unless it has begun again by then.
    package let end: Timestamp
  }

  package static let horizonDays = 366

  /// Nil where no window is open at `now`. Pure: the same windows and moment give the same answer
  /// for ever.
  package init?(of rules: [FreezeWindow], at now: Timestamp) {
    let open = Self.open(rules, at: now)
    guard let last = open.map(\.end).max() else { return nil }
    windows = open
    let horizon = now.adding(milliseconds: Self.horizonDays * 86_400_000)
    var end = last
    // Windows overlap, and one that is longer than its period begins again before it is over.
    while end < horizon, let later = Self.open(rules, at: end).map(\.end).max() { end = later }
    until = end < horizon ? end : nil
  }

  private static func open(_ rules: [FreezeWindow], at now: Timestamp) -> [Window] {
    rules.compactMap { rule in rule.end(ifOpenAt: now).map { Window(rule: rule, end: $0) } }
  }
}

extension FreezeWindow {
  /// When it is over, if it is open at `now`: at the end of its duration, to the microsecond.
  fileprivate func end(ifOpenAt now: Timestamp) -> Timestamp? {
    cron.latest(upTo: now, within: durationMinutes)?.adding(milliseconds: durationMinutes * 60_000)
  }
}
