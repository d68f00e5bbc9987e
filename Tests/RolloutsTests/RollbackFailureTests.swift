import Rollouts
import Testing

/// A way back that does not arrive.
@Suite struct RollbackFailureTests {
  var rollout: Telling

  /// A rolling update that failed after its only old replica was stopped.
  init() throws {
    rollout = Telling(try plan(.rolling))
    rollout.tell(.started)
    rollout.prove(new("web"))
    rollout.tell(.trafficShifted(to: [new("web")]))
    rollout.tell(.drained(old("web")))
    rollout.tell(.stopped(old("web")))
    rollout.tell(.abortRequested(reason: "INC-7"))
    rollout.tell(.trafficShifted(to: [new("web")]))
  }

  @Test mutating func `a restart is tried three times`() {
    let failed = Fact.replicaStartFailed(old("web"), reason: "no memory")

    #expect(rollout.tell(failed) == [.startReplica(old("web"))])
    #expect(rollout.tell(failed) == [.startReplica(old("web"))])
    #expect(
      rollout.tell(failed) == [
        .settle(
          .rollbackFailed(
            reason: """
              an abort was requested: INC-7; then previous web/1 did not start: no memory, \
              started 3 times
              """))
      ])
  }

  @Test mutating func `a restart that is never proven fails at the deadline`() {
    rollout.tell(.replicaStarted(old("web")))
    rollout.tell(.probed(old("web"), refused))

    #expect(
      rollout.wait(30_000) == [
        .settle(
          .rollbackFailed(
            reason: """
              an abort was requested: INC-7; then starting was not over within 30000 ms; previous \
              web/1 passed 0 of 1 in a row, last: connection refused
              """))
      ])
  }

  @Test mutating func `the new release keeps serving until the old one is back`() {
    #expect(rollout.machine.traffic == [new("web")])
    rollout.prove(old("web"), passes: 1)
    #expect(rollout.machine.traffic == [old("web")])
  }

  @Test mutating func `a switch back is asked for three times`() {
    rollout.prove(old("web"), passes: 1)
    let failed = Fact.trafficShiftFailed(to: [old("web")], reason: "no answer")

    #expect(rollout.tell(failed) == [.shiftTraffic(to: [old("web")])])
    #expect(rollout.machine.state.description.hasSuffix("previous web/1, attempt 2"))
    #expect(rollout.tell(failed) == [.shiftTraffic(to: [old("web")])])
    #expect(
      rollout.tell(failed) == [
        .settle(
          .rollbackFailed(
            reason: """
              an abort was requested: INC-7; then traffic was not shifted back in 3 attempts: \
              no answer
              """))
      ])
  }

  @Test mutating func `a restored replica that fails after it was proven fails the rollback`() {
    rollout.prove(old("web"), passes: 1)
    rollout.tell(.probed(old("web"), refused))
    rollout.tell(.probed(old("web"), refused))

    #expect(rollout.tell(.probed(old("web"), refused)).count == 1)
    #expect(
      rollout.machine.outcome
        == .rollbackFailed(
          reason: """
            an abort was requested: INC-7; then previous web/1 failed 3 probes in a row, the last \
            one with: connection refused
            """))
  }

  @Test mutating func `a restored replica that ends is started again`() {
    rollout.prove(old("web"), passes: 1)
    rollout.tell(.trafficShifted(to: [old("web")]))

    #expect(
      rollout.tell(.replicaExited(old("web"), .unknown)) == [
        .endProbing(old("web")), .shiftTraffic(to: [new("web")]),
      ])
    #expect(rollout.tell(.trafficShifted(to: [new("web")])) == [.startReplica(old("web"))])
  }

  @Test mutating func `a new replica that ends on the way back changes nothing`() {
    #expect(
      rollout.tell(.replicaExited(new("web"), .signal(9))) == [.endProbing(new("web"))])
    #expect(rollout.machine.state.phase == .restoring)
  }

  @Test mutating func `a new replica that fails on the way back changes nothing`() {
    for _ in 0..<3 { #expect(rollout.tell(.probed(new("web"), refused)) == []) }
  }

  @Test mutating func `a new replica that does not stop fails the rollback, after a deadline`() {
    rollout.prove(old("web"), passes: 1)
    rollout.tell(.trafficShifted(to: [old("web")]))
    rollout.tell(.drained(new("web")))

    #expect(rollout.wait(124_999) == [])
    #expect(
      rollout.wait(1) == [
        .settle(
          .rollbackFailed(
            reason: "an abort was requested: INC-7; then new web/1 did not stop within 125000 ms"))
      ])
  }

  @Test mutating func `a restored replica proven among unproven ones may fail until the deadline`()
    throws
  {
    rollout = Telling(try plan(.rolling, from: [web(1), worker(1)], to: [web(1), worker(1)]))
    rollout.tell(.started)
    rollout.prove(new("worker"))
    rollout.tell(.stopped(old("worker")))
    rollout.prove(new("web"))
    rollout.tell(.trafficShifted(to: [new("web")]))
    rollout.tell(.drained(old("web")))
    rollout.tell(.stopped(old("web")))
    rollout.tell(.abortRequested(reason: "INC-7"))
    rollout.tell(.trafficShifted(to: [new("web")]))
    rollout.prove(old("web"), passes: 1)

    for _ in 0..<3 { #expect(rollout.tell(.probed(old("web"), refused)) == []) }
    rollout.prove(old("worker"), passes: 1)

    #expect(rollout.tell(.probed(old("web"), pass)) == [.shiftTraffic(to: [old("web")])])
  }
}
