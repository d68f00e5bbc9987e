/// What a ``RolloutMachine`` wants done. It never acts itself.
///
/// Instructions of one answer may be performed at the same time, except those about the same slot:
/// these keep their order, so a ``stop(_:)`` waits for the slot's start to come to an end. Each
/// effect ends in the fact named with it; an instruction without such a fact is only recorded or
/// obeyed.
package enum Instruction: Hashable, Sendable {
  /// Ends in ``Fact/replicaStarted(_:)`` or ``Fact/replicaStartFailed(_:reason:)``.
  case startReplica(Slot)
  /// Ask the slot's health every interval from now on: ``Fact/probed(_:_:)`` each time.
  case beginProbing(Slot)
  case endProbing(Slot)
  /// Send requests to exactly these slots, from one moment to the next. Those that leave keep
  /// their open connections. Ends in ``Fact/trafficShifted(to:)`` or
  /// ``Fact/trafficShiftFailed(to:reason:)`` with the same slots.
  case shiftTraffic(to: [Slot])
  /// Wait until the slot, which takes no new requests any more, has answered its last one. Ends in
  /// ``Fact/drained(_:)``.
  case drain(Slot)
  /// End the slot's process, and forget it as a server if it is one. Ends in ``Fact/stopped(_:)``,
  /// also when the process was gone already.
  case stop(Slot)
  /// Record what was concluded and from what.
  case judged(Judgement)
  /// Record that the way back begins, before the instructions that follow it.
  case beginRollback(reason: String)
  /// The rollout is over: record how. Probing for it ends here.
  case settle(Outcome)
}

extension Instruction: CustomStringConvertible {
  package var description: String {
    switch self {
    case .startReplica(let slot): "start \(slot)"
    case .beginProbing(let slot): "begin to probe \(slot)"
    case .endProbing(let slot): "probe \(slot) no more"
    case .shiftTraffic(let slots): "shift traffic to \(slots.listed)"
    case .drain(let slot): "drain \(slot)"
    case .stop(let slot): "stop \(slot)"
    case .judged(let judgement): "judged: \(judgement)"
    case .beginRollback(let reason): "begin the rollback: \(reason)"
    case .settle(let outcome): "settle: \(outcome)"
    }
  }
}
