import Rollouts
import Testing

/// News that comes late, twice, or about something else changes nothing.
@Suite struct LateFactsTests {
  var rollout: Telling

  init() throws {
    rollout = Telling(try plan())
  }

  @Test(arguments: [
    Fact.tick, .resumed, .replicaStarted(new("web")),
    .replicaStartFailed(new("web"), reason: ""),
    .probed(new("web"), pass), .replicaExited(new("web"), .status(0)),
    .trafficShifted(to: [new("web")]), .trafficShiftFailed(to: [new("web")], reason: ""),
    .drained(old("web")), .stopped(old("web")), .abortRequested(reason: ""),
  ])
  mutating func `before the start nothing counts`(fact: Fact) {
    #expect(rollout.tell(fact) == [])
    #expect(rollout.machine.state == .waiting)
  }

  @Test mutating func `it starts once`() {
    rollout.tell(.started)
    let before = rollout.machine

    #expect(rollout.tell(.started) == [])
    #expect(rollout.machine == before)
  }

  @Test mutating func `a replica starts once`() {
    rollout.tell(.started)
    rollout.prove(new("web"))
    let before = rollout.machine

    #expect(rollout.tell(.replicaStarted(new("web"))) == [])
    #expect(rollout.tell(.replicaStarted(new("unheard"))) == [])
    #expect(rollout.machine == before)
  }

  @Test mutating func `a switch to somewhere else is not the one asked for`() {
    rollout.tell(.started)
    rollout.prove(new("web"))
    let before = rollout.machine

    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [])
    #expect(rollout.tell(.trafficShiftFailed(to: [old("web")], reason: "late")) == [])
    #expect(rollout.machine == before)
  }

  @Test mutating func `a probe of a replica that is gone says nothing`() {
    rollout.reachBake()
    rollout.tell(.replicaExited(new("web"), .signal(9)))
    let before = rollout.machine

    #expect(rollout.tell(.probed(new("web"), pass)) == [])
    #expect(rollout.tell(.replicaExited(new("web"), .signal(9))) == [])
    #expect(rollout.tell(.replicaExited(new("unheard"), .signal(9))) == [])
    #expect(rollout.machine == before)
  }

  @Test mutating func `the slots of a switch may be told in any order`() throws {
    rollout = Telling(try plan(to: [web(2)]))
    rollout.tell(.started)
    rollout.prove(new("web", 1), new("web", 2))

    rollout.tell(.trafficShifted(to: [new("web", 2), new("web", 1)]))

    #expect(rollout.machine.state.phase == .baking)
  }

  @Test mutating func `a drain and a stop count once`() {
    rollout.reachBake()
    rollout.bake()
    rollout.tell(.drained(old("web")))
    let before = rollout.machine

    #expect(rollout.tell(.drained(old("web"))) == [])
    #expect(rollout.tell(.stopped(new("web"))) == [])
    #expect(rollout.machine == before)
  }

  @Test mutating func `after the end nothing counts`() {
    rollout.reachBake()
    rollout.bake()
    rollout.tell(.drained(old("web")))
    rollout.tell(.stopped(old("web")))
    #expect(rollout.machine.outcome == .succeeded)

    #expect(rollout.tell(.replicaExited(new("web"), .signal(9))) == [])
    #expect(rollout.tell(.abortRequested(reason: "late")) == [])
    #expect(rollout.wait(1_000_000) == [])
    #expect(rollout.machine.outcome == .succeeded)
  }

  @Test mutating func `time does not go back`() {
    rollout.nowMs = 100_000
    rollout.tell(.started)
    rollout.nowMs = 5

    #expect(rollout.tell(.tick) == [])
    #expect(rollout.machine.nowMs == 100_000)
    #expect(rollout.machine.progress.leftMs == 30_000)
  }
}
