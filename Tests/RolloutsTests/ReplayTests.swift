import Rollouts
import Testing

/// The same facts give the same decisions, anywhere, any time.
@Suite struct ReplayTests {
  let facts: [TimedFact] = [
    TimedFact(atMs: 0, .started), TimedFact(atMs: 40, .replicaStarted(new("web"))),
    TimedFact(atMs: 1_000, .probed(new("web"), pass)),
    TimedFact(atMs: 2_000, .probed(new("web"), pass)),
    TimedFact(atMs: 2_005, .trafficShifted(to: [new("web")])),
    TimedFact(atMs: 3_000, .probed(new("web"), pass)),
    TimedFact(atMs: 3_500, .replicaExited(new("web"), .signal(9))),
    TimedFact(atMs: 3_510, .trafficShifted(to: [old("web")])),
    TimedFact(atMs: 3_600, .probed(old("web"), pass)),
  ]

  @Test func `a failed rollout is told again, step by step`() throws {
    let steps = RolloutMachine.replay(try plan(), facts)

    #expect(
      steps.map { $0.after.phase } == [
        .starting, .starting, .starting, .shifting, .baking, .baking, .restoring, .restoring,
        .settled,
      ])
    #expect(steps[3].before.phase == .starting)
    #expect(steps[6].instructions.decisions == [.rollBack])
    #expect(steps[6].fact == facts[6])
    #expect(steps[6].progress.phase == .restoring)
    #expect(
      steps[8].instructions == [.settle(.rolledBack(reason: "new web/1 ended with signal 9"))])
  }

  @Test func `ticks between the facts change no decision`() throws {
    let plan = try plan()
    let ticked = facts.flatMap { fact in
      [TimedFact(atMs: max(0, fact.atMs - 3), .tick), fact]
    }

    let plain = RolloutMachine.replay(plan, facts).flatMap(\.instructions)

    #expect(RolloutMachine.replay(plan, ticked).flatMap(\.instructions) == plain)
  }
}
