/// A fact and when it was learnt, as a ledger keeps it.
package struct TimedFact: Hashable, Sendable {
  package let atMs: Int64
  package let fact: Fact

  package init(atMs: Int64, _ fact: Fact) {
    self.atMs = atMs
    self.fact = fact
  }
}

/// One step of a replayed rollout: what was learnt, what followed, and where that left it.
package struct ReplayedStep: Hashable, Sendable {
  package let fact: TimedFact
  package let instructions: [Instruction]
  /// Before the fact.
  package let before: RolloutState
  /// After it.
  package let after: RolloutState
  package let progress: RolloutProgress
}

extension RolloutMachine {
  /// Goes through a rollout again from its recorded facts, on a machine where nothing runs.
  package static func replay(_ plan: RolloutPlan, _ facts: some Sequence<TimedFact>)
    -> [ReplayedStep]
  {
    var machine = RolloutMachine(plan: plan)
    return facts.map { fact in
      let before = machine.state
      let instructions = machine.handle(fact.fact, at: fact.atMs)
      return ReplayedStep(
        fact: fact, instructions: instructions, before: before, after: machine.state,
        progress: machine.progress)
    }
  }
}
