/// A conclusion, with the numbers it was drawn from: `deployment.judged`.
package struct Judgement: Hashable, Sendable {
  package enum Decision: String, Hashable, Sendable, CaseIterable {
    /// The rollout goes on.
    case proceed
    /// Back to the previous release.
    case rollBack
    /// Everything stays as it is, for a person to decide.
    case hold
    /// What was started is stopped; there is no release to go back to.
    case stop
  }

  package enum Verdict: String, Hashable, Sendable, CaseIterable {
    case healthy
    case unhealthy
    /// Too little is known to say either. Never treated as healthy.
    case inconclusive
  }

  package let decision: Decision
  package let verdict: Verdict
  /// The phase that was judged.
  package let phase: RolloutPhase
  /// One sentence with the numbers and their limits.
  package let reason: String

  package init(decision: Decision, verdict: Verdict, phase: RolloutPhase, reason: String) {
    self.decision = decision
    self.verdict = verdict
    self.phase = phase
    self.reason = reason
  }
}

extension Judgement: CustomStringConvertible {
  package var description: String {
    "\(decision.rawValue) after \(phase.rawValue), \(verdict.rawValue): \(reason)"
  }
}
