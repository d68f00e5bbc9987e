/// The conclusions that let a rollout go on, in numbers.
extension RolloutMachine {
  /// Only what is new is judged: that the previous release came back is a fact, not a conclusion.
  func judgeStart(of slots: [Slot]) -> [Instruction] {
    guard case .advancing = state, let first = slots.first else { return [] }
    let slowest = slots.compactMap { replicas[$0]?.watch?.last?.latencyMicroseconds }.max() ?? 0
    let passes = plan.passesNeeded(by: first).counted("probe")
    let judgement = Judgement(
      decision: .proceed, verdict: .healthy, phase: .starting,
      reason: """
        \(slots.count.counted("replica")) passed \(passes) in a row each; the slowest last answer \
        took \(slowest.asMilliseconds)
        """)
    return [.judged(judgement)]
  }

  func judge(_ tally: Tally) -> Instruction {
    .judged(
      Judgement(
        decision: .proceed, verdict: .healthy, phase: .baking,
        reason: """
          in a bake of \(plan.bakeMs) ms \(tally.passes.counted("probe")) passed and \
          \(tally.failures) failed; the slowest answer took \
          \(tally.slowestMicroseconds.asMilliseconds)
          """))
  }
}

extension Int {
  /// Such as `1 probe` or `3 probes`.
  func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}

extension Int64 {
  /// Microseconds as milliseconds with one decimal, rounded down: `3.4 ms`.
  var asMilliseconds: String { "\(self / 1_000).\(self % 1_000 / 100) ms" }
}
