/// What the machine knows of the process in one slot.
struct Replica: Hashable, Sendable {
  enum Life: Hashable, Sendable {
    case absent
    case starting
    /// Runs since before the rollout, which asks it nothing unless it goes back to it.
    case serving
    case watched(Watch)
    case stopping
    /// Ended by itself, or never came.
    case gone
    /// Was asked to end and has, or is not to run any more.
    case stopped
  }

  var life: Life
  /// How often its start was asked for.
  var starts = 0

  var watch: Watch? {
    guard case .watched(let watch) = life else { return nil }
    return watch
  }

  /// Whether its process is there and nobody has asked it to end.
  var isRunning: Bool {
    switch life {
    case .serving, .watched: true
    case .absent, .starting, .stopping, .gone, .stopped: false
    }
  }

  /// Whether a process of it may be there.
  var mayExist: Bool {
    switch life {
    case .starting, .serving, .watched, .stopping: true
    case .absent, .gone, .stopped: false
    }
  }
}

/// What the probes of one replica have said since it was started.
struct Watch: Hashable, Sendable {
  /// In a row, up to now.
  private(set) var passes = 0
  /// In a row, up to now.
  private(set) var failures = 0
  /// Whether it had as many passes in a row as it needs, at some time.
  private(set) var isProven: Bool
  private(set) var last: ProbeResult?
  /// When ``last`` was told.
  private(set) var lastMs: Int64 = 0

  /// - Parameter hasServed: Whether it was proven before it was watched.
  init(hasServed: Bool = false) {
    isProven = hasServed
  }

  /// Nobody asked for a while: what is waited for has to be answered anew.
  mutating func doubt() { (passes, failures) = (0, 0) }

  mutating func record(_ result: ProbeResult, at nowMs: Int64, needed: Int) {
    switch result.verdict {
    case .pass: (passes, failures) = (passes + 1, 0)
    case .fail: (passes, failures) = (0, failures + 1)
    }
    isProven = isProven || passes >= needed
    last = result
    lastMs = nowMs
  }
}
