/// Decides a rollout: facts in, instructions out. It acts on nothing and has no clock.
///
/// The same plan and the same facts at the same times give the same instructions, judgements
/// included, on any machine; `stele replay` and recovery rest on this. Facts that come late, twice
/// or about something else change nothing. When time goes on being told, a rollout is settled at
/// the latest four progress deadlines and two drains after it started: forward, back, and tidying
/// up after each. A ``Fact/resumed`` begins the journey under way anew, with a deadline of its own.
///
/// Invariants, held for any order of facts: an ``Instruction/shiftTraffic(to:)`` names at least one
/// slot, and only slots whose replica runs and was proven healthy, or served before the rollout; no
/// replica of the previous release is stopped before what replaces it was proven; a rollout is
/// rolled back only when every restored replica has answered since, and the router was told to
/// send requests there.
package struct RolloutMachine: Hashable, Sendable {
  package let plan: RolloutPlan
  package internal(set) var state: RolloutState = .waiting
  /// The latest time told, in milliseconds of whatever clock tells it.
  package private(set) var nowMs: Int64 = 0
  var replicas: [Slot: Replica]
  /// Where requests were last asked to go.
  package internal(set) var traffic: Set<Slot>
  /// Components whose requests have to be answered: those of the last switch, whoever is able.
  var audience: Set<String>
  /// Whether somebody has ended to whom a switch under way sends requests.
  var isSwitchStale = false
  /// Whether the new release has been watched as long as it had to be.
  var isPreviousGivenUp = false
  /// Whether the router has confirmed ``traffic``.
  var trafficIsKnown = true

  package init(plan: RolloutPlan) {
    self.plan = plan
    let standing = Set(plan.standing)
    replicas = Dictionary(
      uniqueKeysWithValues: standing.union(plan.restored + plan.newSlots).map {
        ($0, Replica(life: standing.contains($0) ? .serving : .absent))
      })
    traffic = plan.predecessor?.serving ?? []
    audience = Set(traffic.map(\.component))
  }

  /// Takes in one fact and says what to do about it, in order.
  ///
  /// - Parameter nowMs: When it was learnt. A time before the last one told counts as that one;
  ///   what is overdue at this time happens before the fact is looked at.
  package mutating func handle(_ fact: Fact, at nowMs: Int64) -> [Instruction] {
    self.nowMs = max(self.nowMs, nowMs)
    if case .settled = state { return learn(fact) }
    if fact == .resumed { return resume() }
    // Whoever asks for the way back gets it, however late they are.
    if case .abortRequested(let reason) = fact, case .advancing = state {
      return abort(because: reason)
    }
    let overdue = expire()
    if case .settled = state { return overdue + learn(fact) }
    return overdue + take(fact)
  }

  /// What had begun when the rollout was settled comes to its end: only what runs is noted.
  private mutating func learn(_ fact: Fact) -> [Instruction] {
    switch fact {
    case .replicaStarted(let slot): _ = noteStart(of: slot)
    case .replicaStartFailed(let slot, let reason):
      _ = noteEnd(of: slot, because: .startFailed(slot, reason: reason))
    case .replicaExited(let slot, let exit): _ = noteEnd(of: slot, because: .exited(slot, exit))
    case .stopped(let slot): _ = noteStopped(slot)
    case .started, .tick, .resumed, .probed, .trafficShifted, .trafficShiftFailed, .drained,
      .abortRequested:
      break
    }
    return []
  }

  private mutating func take(_ fact: Fact) -> [Instruction] {
    switch fact {
    case .started: begin()
    case .tick, .resumed: []
    case .replicaStarted(let slot): noteStart(of: slot)
    case .replicaStartFailed(let slot, let reason):
      noteEnd(of: slot, because: .startFailed(slot, reason: reason))
    case .replicaExited(let slot, let exit): noteEnd(of: slot, because: .exited(slot, exit))
    case .probed(let slot, let result): note(result, of: slot)
    case .trafficShifted(let slots): noteShift(to: slots)
    case .trafficShiftFailed(let slots, let reason): noteFailedShift(to: slots, reason: reason)
    case .drained(let slot): noteDrained(slot)
    case .stopped(let slot): noteStopped(slot)
    case .abortRequested(let reason): abort(because: reason)
    }
  }

  private mutating func begin() -> [Instruction] {
    guard state == .waiting else { return [] }
    guard !plan.isReturn else { return fail(.returned) }
    return travel(plan.forwardRoute) { .advancing($0) }
  }

  private mutating func abort(because reason: String) -> [Instruction] {
    guard case .advancing = state else { return [] }
    return fail(.aborted(reason: reason))
  }
}
