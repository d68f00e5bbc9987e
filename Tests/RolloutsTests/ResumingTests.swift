import Rollouts
import Testing

/// Another driver goes on after one that was gone: nothing counts that nobody saw since.
@Suite struct ResumingTests {
  var rollout: Telling

  init() throws {
    rollout = Telling(try plan())
  }

  @Test mutating func `the router is told again where requests go`() {
    rollout.tell(.started)

    #expect(rollout.tell(.resumed) == [.shiftTraffic(to: [old("web")])])
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [])
    #expect(rollout.prove(new("web")).last == .shiftTraffic(to: [new("web")]))
  }

  @Test mutating func `what was proven is proven again, and the bake begins anew`() {
    rollout.reachBake()
    rollout.nowMs += 9_000

    #expect(rollout.tell(.resumed) == [.shiftTraffic(to: [new("web")])])
    rollout.tell(.trafficShifted(to: [new("web")]))
    #expect(rollout.machine.state.phase == .starting)
    rollout.tell(.probed(new("web"), pass))
    #expect(rollout.tell(.probed(new("web"), pass)).decisions == [.proceed])
    #expect(rollout.machine.state.phase == .baking)
    #expect(rollout.wait(9_999) == [])
    #expect(rollout.bake().contains(.drain(old("web"))))
  }

  @Test mutating func `a router that does not come back sends it back`() {
    rollout.reachBake()
    rollout.tell(.resumed)

    let instructions = rollout.tell(.trafficShiftFailed(to: [new("web")], reason: "no room"))

    #expect(instructions.decisions == [.rollBack])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
  }

  @Test mutating func `time that is over meanwhile leads back, with one switch`() {
    rollout.tell(.started)
    rollout.nowMs += 200_000

    let instructions = rollout.tell(.resumed)

    #expect(instructions.decisions == [.rollBack])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
    #expect(instructions.effects.count == 2)
  }

  @Test mutating func `a way back has new time, and asks everything again`() {
    rollout.reachBake()
    rollout.tell(.abortRequested(reason: "INC-7"))
    rollout.tell(.trafficShifted(to: [old("web")]))
    rollout.tell(.probed(old("web"), pass))
    rollout.nowMs += 500_000

    #expect(rollout.tell(.resumed) == [.shiftTraffic(to: [old("web")])])
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [])
    #expect(rollout.tell(.probed(old("web"), pass)) == [.drain(new("web"))])
  }

  @Test mutating func `a switch back that was asked for is not asked for twice`() {
    rollout.reachBake()
    rollout.tell(.abortRequested(reason: "INC-7"))
    rollout.nowMs += 500_000

    #expect(rollout.tell(.resumed) == [])
    #expect(rollout.wait(119_999) == [])
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [.beginProbing(old("web"))])
  }

  @Test mutating func `an old replica that is gone is started before it is over`() {
    rollout.tell(.started)
    rollout.tell(.abortRequested(reason: "INC-7"))
    #expect(rollout.machine.expected == [old("web")])

    #expect(rollout.tell(.replicaExited(old("web"), .unknown)) == [.startReplica(old("web"))])
    #expect(rollout.machine.expected.isEmpty)
    #expect(
      rollout.prove(old("web"), passes: 1) == [
        .beginProbing(old("web")), .shiftTraffic(to: [old("web")]),
      ])
  }

  @Test mutating func `an old replica that gives no answer fails the rollback`() {
    rollout.tell(.started)
    rollout.tell(.abortRequested(reason: "INC-7"))
    rollout.tell(.trafficShifted(to: [old("web")]))

    #expect(
      rollout.wait(30_000) == [
        .settle(
          .rollbackFailed(
            reason: """
              an abort was requested: INC-7; then starting was not over within 30000 ms; previous \
              web/1 gave no answer
              """))
      ])
  }

  @Test mutating func `what tidies up stays on its way`() {
    rollout.reachBake()
    rollout.bake()
    rollout.tell(.drained(old("web")))

    #expect(rollout.tell(.resumed) == [.shiftTraffic(to: [new("web")])])
    rollout.tell(.trafficShifted(to: [new("web")]))
    rollout.tell(.probed(new("web"), pass))
    rollout.tell(.probed(new("web"), pass))
    #expect(rollout.tell(.stopped(old("web"))) == [.settle(.succeeded)])
  }

  @Test mutating func `a first deployment being cleared away is not begun anew`() throws {
    rollout = Telling(try plan(from: nil))
    rollout.tell(.started)
    rollout.tell(.replicaStarted(new("web")))
    rollout.tell(.abortRequested(reason: "INC-7"))

    #expect(rollout.tell(.resumed) == [])
    #expect(rollout.tell(.stopped(new("web"))).count == 1)
  }
}
