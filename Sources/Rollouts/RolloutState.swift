/// Where a rollout stands. Each case has only what that state has.
package enum RolloutState: Hashable, Sendable {
  /// Not begun.
  case waiting
  /// On the way to the new release.
  case advancing(Journey)
  /// On the way back to the previous one.
  case restoring(Journey, because: RolloutFailure)
  /// Stopping what a first deployment had started.
  case clearing(Journey, because: RolloutFailure)
  case settled(Outcome)
}

/// A way of several stages, and how far along it is.
package struct Journey: Hashable, Sendable {
  package internal(set) var route: [Stage]
  /// The stage under way, from 0; -1 before the first.
  package internal(set) var stage = -1
  package internal(set) var activity: Activity = .stopping([])
  /// When the journey has taken too long.
  package internal(set) var deadlineMs: Int64
  /// Whether what should serve does, so that only what should not is left to be drained and
  /// stopped.
  package internal(set) var isTidying = false

  init(route: [Stage], deadlineMs: Int64) {
    self.route = route
    self.deadlineMs = deadlineMs
  }
}

/// What is being waited for.
package enum Activity: Hashable, Sendable {
  /// All slots to be healthy.
  case starting([Slot], untilMs: Int64)
  /// The router to send requests to these slots.
  case shifting(to: [Slot], attempt: Int)
  /// Time, and the last answer of each new replica to be a pass.
  case baking(Tally, untilMs: Int64)
  /// These slots to answer their last requests.
  case draining(Set<Slot>, untilMs: Int64)
  /// These slots' processes to be gone.
  case stopping(Set<Slot>)
}

/// What the probes of a bake have said so far.
package struct Tally: Hashable, Sendable {
  package let sinceMs: Int64
  package internal(set) var passes = 0
  package internal(set) var failures = 0
  package internal(set) var slowestMicroseconds: Int64 = 0

  init(sinceMs: Int64) {
    self.sinceMs = sinceMs
  }

  mutating func count(_ result: ProbeResult) {
    switch result.verdict {
    case .pass: passes += 1
    case .fail: failures += 1
    }
    slowestMicroseconds = max(slowestMicroseconds, result.latencyMicroseconds)
  }
}

extension RolloutState {
  package var phase: RolloutPhase {
    switch self {
    case .waiting: .waiting
    case .advancing(let journey): journey.activity.phase
    case .restoring: .restoring
    case .clearing: .clearing
    case .settled: .settled
    }
  }

  package var journey: Journey? {
    switch self {
    case .waiting, .settled: nil
    case .advancing(let journey), .restoring(let journey, _), .clearing(let journey, _): journey
    }
  }
}

extension RolloutState {
  /// The same state at another point of its journey.
  func with(_ journey: Journey) -> RolloutState {
    switch self {
    case .waiting, .settled: self
    case .advancing: .advancing(journey)
    case .restoring(_, let failure): .restoring(journey, because: failure)
    case .clearing(_, let failure): .clearing(journey, because: failure)
    }
  }
}

extension Activity {
  package var phase: RolloutPhase {
    switch self {
    case .starting: .starting
    case .shifting: .shifting
    case .baking: .baking
    case .draining: .draining
    case .stopping: .stopping
    }
  }
}

extension RolloutState: CustomStringConvertible {
  /// A few words, such as `starting new orchestrator/1, new orchestrator/2`.
  package var description: String {
    switch self {
    case .waiting: "waiting to be started"
    case .advancing(let journey): journey.activity.description
    case .restoring(let journey, _): "restoring the previous release: \(journey.activity)"
    case .clearing(let journey, _): "clearing away a failed first deployment: \(journey.activity)"
    case .settled(let outcome): outcome.description
    }
  }
}

extension Activity: CustomStringConvertible {
  package var description: String {
    switch self {
    case .starting(let slots, _): "starting \(slots.listed)"
    case .shifting(let slots, let attempt):
      "shifting traffic to \(slots.listed)" + (attempt > 1 ? ", attempt \(attempt)" : "")
    case .baking: "watching the new release serve"
    case .draining(let slots, _): "draining \(slots.listed)"
    case .stopping(let slots): "stopping \(slots.listed)"
    }
  }
}
