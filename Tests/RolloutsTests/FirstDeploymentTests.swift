import Rollouts
import Testing

/// There is nothing to go back to.
@Suite struct FirstDeploymentTests {
  var rollout: Telling

  init() throws {
    rollout = Telling(try plan(from: nil, to: [web(2)]))
  }

  @Test mutating func `it succeeds without anything to drain or stop`() {
    rollout.reachBake()

    #expect(rollout.bake().effects == [.settle(.succeeded)])
  }

  @Test mutating func `a failure stops everything it had started`() {
    rollout.tell(.started)
    rollout.prove(new("web", 1))

    #expect(
      rollout.tell(.replicaStartFailed(new("web", 2), reason: "no memory")) == [
        .judged(
          Judgement(
            decision: .stop, verdict: .unhealthy, phase: .starting,
            reason: "new web/2 did not start: no memory")),
        .endProbing(new("web", 1)), .stop(new("web", 1)),
      ])
    #expect(rollout.machine.state.phase == .clearing)
    #expect(
      rollout.tell(.stopped(new("web", 1))) == [
        .settle(.stopped(reason: "new web/2 did not start: no memory"))
      ])
  }

  @Test mutating func `an abort stops it too`() {
    rollout.reachBake()

    #expect(
      rollout.tell(.abortRequested(reason: "wrong build")).effects == [
        .endProbing(new("web", 1)), .stop(new("web", 1)),
        .endProbing(new("web", 2)), .stop(new("web", 2)),
      ])
    rollout.tell(.stopped(new("web", 1)))
    rollout.tell(.replicaExited(new("web", 2), .signal(15)))
    #expect(
      rollout.machine.outcome == .stopped(reason: "an abort was requested: wrong build"))
  }

  @Test mutating func `what does not stop is named when the deadline passes`() {
    rollout.reachBake()
    rollout.tell(.replicaExited(new("web", 1), .status(3)))

    #expect(rollout.tell(.trafficShiftFailed(to: [new("web", 1)], reason: "late")) == [])
    #expect(rollout.tell(.probed(new("web", 2), refused)) == [])
    #expect(
      rollout.wait(120_000) == [
        .settle(
          .stopped(
            reason: """
              new web/1 ended with exit status 3; new web/2 did not stop within 120000 ms
              """))
      ])
  }
}
