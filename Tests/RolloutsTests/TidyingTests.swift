import Rollouts
import Testing

/// Failures while the old replicas are being stopped, after the bake.
@Suite struct TidyingTests {
  var rollout: Telling

  init() throws {
    rollout = Telling(try plan(from: [web(2), worker(1)], to: [web(2), worker(1)]))
    rollout.tidy()
  }

  @Test mutating func `a crash leads back, and what is well serves until the old ones do`() {
    #expect(
      kill(new("web", 1)) == [
        .endProbing(new("web", 1)),
        .judged(
          Judgement(
            decision: .rollBack, verdict: .unhealthy, phase: .stopping,
            reason: "new web/1 ended with signal 9")),
        .beginRollback(reason: "new web/1 ended with signal 9"),
        .shiftTraffic(to: [new("web", 2)]),
      ])
    #expect(
      rollout.tell(.trafficShifted(to: [new("web", 2)])) == [])
    #expect(rollout.tell(.stopped(old("web", 1))) == [.startReplica(old("web", 1))])
    #expect(rollout.tell(.stopped(old("web", 2))) == [.startReplica(old("web", 2))])
    #expect(rollout.tell(.stopped(old("worker"))) == [.startReplica(old("worker"))])
    #expect(
      rollout.prove(old("web", 1), old("web", 2), old("worker"), passes: 1).last
        == .shiftTraffic(to: [old("web", 1), old("web", 2)]))
    rollout.tell(.trafficShifted(to: [old("web", 1), old("web", 2)]))
    rollout.tell(.drained(new("web", 2)))
    rollout.tell(.stopped(new("web", 2)))
    rollout.tell(.stopped(new("worker")))

    #expect(
      rollout.machine.outcome == .rolledBack(reason: "new web/1 ended with signal 9"))
  }

  @Test mutating func `probes that fail at the threshold lead back`() {
    for _ in 0..<2 { #expect(rollout.tell(.probed(new("web", 2), refused)) == []) }

    let instructions = rollout.tell(.probed(new("web", 2), refused))

    #expect(instructions.decisions == [.rollBack])
    #expect(instructions.last == .shiftTraffic(to: [new("web", 1)]))
  }

  @Test mutating func `an abort leads back`() {
    #expect(rollout.tell(.abortRequested(reason: "INC-7")).decisions == [.rollBack])
  }

  @Test func `without an automatic rollback it is held`() throws {
    var rollout = Telling(
      try plan(from: [web(2), worker(1)], to: [web(2), worker(1)], automatic: false))
    rollout.tidy()

    let instructions = rollout.tell(.replicaExited(new("worker"), .signal(9)))

    #expect(instructions.decisions == [.hold])
    #expect(instructions.last == .settle(.held(reason: "new worker/1 ended with signal 9")))
  }

  @Test mutating func `another driver learns of it and goes back`() {
    #expect(rollout.tell(.resumed) == [.shiftTraffic(to: [new("web", 1), new("web", 2)])])

    #expect(kill(new("worker")).decisions == [.rollBack])
  }

  private mutating func kill(_ slot: Slot) -> [Instruction] {
    rollout.tell(.replicaExited(slot, .signal(9)))
  }
}

extension Telling {
  /// Goes on to where the old replicas are asked to stop.
  fileprivate mutating func tidy() {
    reachBake()
    bake()
    wait(5_000)
  }
}
