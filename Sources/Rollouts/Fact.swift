/// Something that happened, told to a ``RolloutMachine``. Facts come from platforms, probers and
/// clocks; replaying a deployment tells the recorded ones again.
package enum Fact: Hashable, Sendable {
  /// The rollout may begin. The first fact; it starts every clock.
  case started
  /// The slot's process runs. That it runs does not yet say that it is well.
  case replicaStarted(Slot)
  case replicaStartFailed(Slot, reason: String)
  case probed(Slot, ProbeResult)
  /// The slot's process ended without having been asked to.
  case replicaExited(Slot, ReplicaExit)
  /// Requests now go to exactly these slots.
  case trafficShifted(to: [Slot])
  case trafficShiftFailed(to: [Slot], reason: String)
  /// The slot's open connections have ended, or have had all the time they get.
  case drained(Slot)
  /// The slot's process was asked to end and is gone.
  case stopped(Slot)
  /// Nothing but time has passed.
  case tick
  /// Another driver goes on with it; what happened since the last fact nobody saw.
  case resumed
  /// Someone wants the rollout undone.
  case abortRequested(reason: String)
}

extension Fact: CustomStringConvertible {
  package var description: String {
    switch self {
    case .started: "the rollout starts"
    case .replicaStarted(let slot): "\(slot) runs"
    case .replicaStartFailed(let slot, let reason): "\(slot) did not start: \(reason)"
    case .probed(let slot, let result): "\(slot) was probed: \(result.verdict), \(result.reason)"
    case .replicaExited(let slot, let exit): "\(slot) ended with \(exit)"
    case .trafficShifted(let slots): "traffic goes to \(slots.listed)"
    case .trafficShiftFailed(_, let reason): "traffic was not shifted: \(reason)"
    case .drained(let slot): "\(slot) is drained"
    case .stopped(let slot): "\(slot) is stopped"
    case .tick: "time passes"
    case .resumed: "another driver goes on"
    case .abortRequested(let reason): "an abort is requested: \(reason)"
    }
  }
}
