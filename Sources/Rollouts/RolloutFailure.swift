/// Why a rollout does not go on, with the values that say so.
package enum RolloutFailure: Hashable, Sendable {
  case startFailed(Slot, reason: String)
  case exited(Slot, ReplicaExit)
  /// A replica that had been proven healthy failed this often in a row.
  case unhealthy(Slot, failures: Int, reason: String)
  case shiftFailed(reason: String)
  /// Time was up; `lagging` are the slots that were waited for.
  case deadline(RolloutPhase, limitMs: Int64, lagging: [Lagging])
  /// These processes did not end when asked to.
  case notStopped([Slot], limitMs: Int64)
  case aborted(reason: String)
  /// What ran before is asked for, and is still there: nothing new is to come.
  case returned
}

/// A slot that was waited for in vain, and what it had said last.
package struct Lagging: Hashable, Sendable {
  package let slot: Slot
  package let passes: Int
  package let needed: Int
  /// The last answer; nil when there never was one.
  package let last: ProbeResult?
}

extension RolloutFailure {
  package var verdict: Judgement.Verdict {
    switch self {
    case .startFailed, .exited, .unhealthy: .unhealthy
    case .shiftFailed, .notStopped, .aborted, .returned: .inconclusive
    case .deadline(_, _, let lagging):
      lagging.contains { $0.last?.verdict == .fail } ? .unhealthy : .inconclusive
    }
  }

  /// Whether a person asked for it, so that the policy for automatic rollback has no say.
  var isAbort: Bool {
    switch self {
    case .aborted, .returned: true
    case .startFailed, .exited, .unhealthy, .shiftFailed, .deadline, .notStopped: false
    }
  }
}

extension RolloutFailure: CustomStringConvertible {
  package var description: String {
    switch self {
    case .startFailed(let slot, let reason): "\(slot) did not start: \(reason)"
    case .exited(let slot, let exit): "\(slot) ended with \(exit)"
    case .unhealthy(let slot, let failures, let reason):
      "\(slot) failed \(failures) probes in a row, the last one with: \(reason)"
    case .shiftFailed(let reason): "traffic was not shifted: \(reason)"
    case .deadline(let phase, let limitMs, let lagging):
      (["\(phase.rawValue) was not over within \(limitMs) ms"] + lagging.map(\.description))
        .joined(separator: "; ")
    case .notStopped(let slots, let limitMs): "\(slots.listed) did not stop within \(limitMs) ms"
    case .aborted(let reason): "an abort was requested: \(reason)"
    case .returned: "what ran before is asked for, and is still there"
    }
  }
}

extension Lagging: CustomStringConvertible {
  package var description: String {
    guard let last else { return "\(slot) gave no answer" }
    return "\(slot) passed \(passes) of \(needed) in a row, last: \(last.reason)"
  }
}
