import Events
import Rollouts

/// A deployment gone through again: what was learnt, what followed, and whether what the ledger
/// says was decided is what the recorded facts lead to.
package struct DeploymentReplay: Equatable, Sendable {
  package let history: DeploymentHistory
  package let steps: [Step]
  /// Positions of recorded decisions that the facts before them do not lead to.
  package let disagreements: [Int]

  package struct Step: Equatable, Sendable {
    package let position: Int
    package let recorded: Timestamp
    package let sinceStartMs: Int64
    /// What was learnt, or what was recorded of it.
    package let what: String
    /// The numbers of a probe; nil for everything else.
    package let probe: Probe?
    package let before: String
    package let after: String
    /// What the state machine wanted because of it.
    package let decisions: [String]
  }

  /// One probe, and how far it brought its replica.
  package struct Probe: Equatable, Sendable {
    package let result: ProbeResult
    /// Passes in a row, and how many prove a replica healthy.
    package let passes: Int
    package let passesNeeded: Int
    /// Failures in a row, and how many take the proof away.
    package let failures: Int
    package let failuresAllowed: Int

    /// - Parameter progress: Of the rollout after the probe.
    init?(_ fact: Fact, in progress: RolloutProgress) {
      guard case .probed(let slot, let result) = fact,
        let replica = progress.slots.first(where: { $0.slot == slot })
      else { return nil }
      self.result = result
      passes = replica.passes
      passesNeeded = replica.passesNeeded
      failures = replica.failures
      failuresAllowed = replica.failuresAllowed
    }

    fileprivate var words: String {
      let counts =
        result.verdict == .pass
        ? "\(passes) passed in a row, \(passesNeeded) needed"
        : "\(failures) failed in a row, \(failuresAllowed) take the proof away"
      return "in \(result.latencyMicroseconds / 1_000) ms, \(counts)"
    }
  }

  /// - Throws: `RolloutPlanError` when the recorded plan makes no sense.
  package init(_ history: DeploymentHistory) throws(RolloutPlanError) {
    self.history = history
    var machine = RolloutMachine(plan: try RolloutPlan(history.started))
    var steps: [Step] = []
    var judged: [Judgement] = []
    var disagreements: [Int] = []
    for moment in history.moments {
      let before = machine.state.description
      let instructions = machine.handle(moment.fact, at: moment.timed.atMs)
      for case .judged(let judgement) in instructions { judged.append(judgement) }
      if case .deployment(.judged(let recorded)) = moment.event {
        let index = judged.firstIndex { recorded.agrees(with: $0) }
        if let index { judged.remove(at: index) } else { disagreements.append(moment.position) }
      }
      let probe = Probe(moment.fact, in: machine.progress)
      steps.append(
        Step(
          position: moment.position, recorded: moment.recorded,
          sinceStartMs: moment.recorded.microseconds(since: history.startedAt) / 1_000,
          what: [moment.words, probe?.words].compactMap(\.self).joined(separator: " "),
          probe: probe, before: before, after: machine.state.description,
          decisions: instructions.map(\.description)))
    }
    self.steps = steps
    self.disagreements = disagreements
  }
}

extension Session {
  /// nil when there is no such deployment.
  package func replay(of deployment: DeploymentID) throws -> DeploymentReplay? {
    guard let history = try history(of: deployment) else { return nil }
    return try DeploymentReplay(history)
  }
}

extension DeploymentJudged {
  fileprivate func agrees(with judgement: Judgement) -> Bool {
    let again = DeploymentJudged(judgement)
    return again.decision == decision && again.verdict == verdict && again.phase == phase
  }
}

extension DeploymentHistory.Moment {
  /// What a person reads: the fact, or for a recorded decision the decision.
  fileprivate var words: String {
    guard case .tick = fact, case .deployment(let event) = event else { return fact.description }
    switch event {
    case .stepStarted(let step):
      let slots = step.slots.map { Slot($0).description }.joined(separator: ", ")
      return "step \(step.step) begins: \(step.action.rawValue) \(slots)"
    case .judged(let judged):
      return "judged \(judged.verdict.rawValue), \(judged.decision.rawValue): \(judged.reason)"
    case .rollbackStarted(let begun): return "the rollback to #\(begun.restores) begins"
    case .succeeded: return "the deployment succeeded"
    case .rolledBack(let end): return "rolled back: \(end.reason)"
    case .rollbackFailed(let end): return "the rollback failed: \(end.reason)"
    case .failed(let end): return "\(end.outcome.rawValue): \(end.reason)"
    case .started, .stepFinished, .replicaExited, .abortRequested: return fact.description
    }
  }
}
