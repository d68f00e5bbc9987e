import Rollouts
import Testing

/// A few replicas at a time.
@Suite struct RollingTests {
  @Test func `replicas change places one by one, workers first`() throws {
    var rollout = Telling(try plan(.rolling, from: [web(2), worker(1)], to: [web(2), worker(1)]))

    #expect(rollout.tell(.started) == [.startReplica(new("worker"))])
    #expect(rollout.prove(new("worker")).effects.last == .stop(old("worker")))
    #expect(rollout.tell(.stopped(old("worker"))) == [.startReplica(new("web", 1))])
    #expect(
      rollout.prove(new("web", 1)).effects.last
        == .shiftTraffic(to: [old("web", 2), new("web", 1)]))
    #expect(
      rollout.tell(.trafficShifted(to: [old("web", 2), new("web", 1)])) == [.drain(old("web", 1))])
    #expect(rollout.tell(.drained(old("web", 1))) == [.stop(old("web", 1))])
    #expect(rollout.tell(.stopped(old("web", 1))) == [.startReplica(new("web", 2))])
    #expect(
      rollout.prove(new("web", 2)).effects.last
        == .shiftTraffic(to: [new("web", 1), new("web", 2)]))
    rollout.tell(.trafficShifted(to: [new("web", 1), new("web", 2)]))
    rollout.tell(.drained(old("web", 2)))
    #expect(rollout.tell(.stopped(old("web", 2))) == [])
    #expect(rollout.machine.state.phase == .baking)
    #expect(rollout.bake().effects == [.settle(.succeeded)])
  }

  @Test func `a larger surge takes as many steps fewer`() throws {
    var limits = limits
    limits.surge = 2
    var rollout = Telling(try plan(.rolling, from: [web(3)], to: [web(3)], limits: limits))

    #expect(rollout.tell(.started) == [.startReplica(new("web", 1)), .startReplica(new("web", 2))])
    #expect(
      rollout.prove(new("web", 1), new("web", 2)).effects.last
        == .shiftTraffic(to: [old("web", 3), new("web", 1), new("web", 2)]))
  }

  @Test func `what the new release wants fewer of leaves last`() throws {
    let rollout = RolloutMachine(plan: try plan(.rolling, from: [web(3)], to: [web(1)]))
    var started = rollout

    _ = started.handle(.started, at: 0)

    #expect(
      started.state.journey?.route == [
        .start([new("web")]), .shift(to: [old("web", 2), old("web", 3), new("web")]),
        .drain([old("web", 1)]), .stop([old("web", 1)]), .shift(to: [new("web")]),
        .drain([old("web", 2), old("web", 3)]), .stop([old("web", 2), old("web", 3)]), .bake,
      ])
  }

  @Test func `more replicas than before need no old ones to replace`() throws {
    var rollout = Telling(try plan(.rolling, from: [web(1)], to: [web(2)]))
    rollout.tell(.started)

    #expect(
      rollout.machine.state.journey?.route == [
        .start([new("web", 1)]), .shift(to: [new("web", 1)]), .drain([old("web", 1)]),
        .stop([old("web", 1)]), .start([new("web", 2)]),
        .shift(to: [new("web", 1), new("web", 2)]), .bake,
      ])
  }

  @Test func `a component the new release lacks is stopped at the end`() throws {
    var rollout = Telling(try plan(.rolling, from: [web(1), worker(1)], to: [web(1)]))
    rollout.tell(.started)

    #expect(
      rollout.machine.state.journey?.route.suffix(2) == [.stop([old("worker")]), .bake])
  }

  @Test func `an old replica that dies on its own is left out of traffic`() throws {
    var rollout = Telling(try plan(.rolling, from: [web(3)], to: [web(3)]))
    rollout.tell(.started)

    #expect(rollout.tell(.replicaExited(old("web", 2), .signal(11))) == [])
    #expect(
      rollout.prove(new("web", 1)).effects.last
        == .shiftTraffic(to: [old("web", 3), new("web", 1)]))
  }

  @Test func `a replica that dies while it drains is drained`() throws {
    var rollout = Telling(try plan(.rolling, from: [web(2)], to: [web(2)]))
    rollout.tell(.started)
    rollout.prove(new("web", 1))
    rollout.tell(.trafficShifted(to: [old("web", 2), new("web", 1)]))

    #expect(
      rollout.tell(.replicaExited(old("web", 1), .status(0))) == [.startReplica(new("web", 2))])
  }

  @Test func `a replica proven earlier is watched while later ones start`() throws {
    var rollout = Telling(try plan(.rolling, from: [web(2)], to: [web(2)]))
    rollout.tell(.started)
    rollout.prove(new("web", 1))
    rollout.tell(.trafficShifted(to: [old("web", 2), new("web", 1)]))
    rollout.tell(.drained(old("web", 1)))
    rollout.tell(.stopped(old("web", 1)))

    rollout.tell(.probed(new("web", 1), refused))
    rollout.tell(.probed(new("web", 1), refused))
    let instructions = rollout.tell(.probed(new("web", 1), refused))

    #expect(instructions.decisions == [.rollBack])
    #expect(
      instructions.effects.suffix(2) == [
        .beginRollback(
          reason: "new web/1 failed 3 probes in a row, the last one with: connection refused"),
        .shiftTraffic(to: [old("web", 2)]),
      ])
  }

  @Test func `an old replica that does not stop sends the rollout back`() throws {
    var rollout = Telling(try plan(.rolling, from: [web(1)], to: [web(1)]))
    rollout.tell(.started)
    rollout.prove(new("web"))
    rollout.tell(.trafficShifted(to: [new("web")]))
    rollout.tell(.drained(old("web")))

    let instructions = rollout.wait(120_000)

    #expect(
      instructions.judgements.map(\.reason) == [
        "previous web/1 did not stop within 120000 ms"
      ])
    #expect(instructions.last == .shiftTraffic(to: [new("web")]))
    rollout.tell(.trafficShifted(to: [new("web")]))
    #expect(rollout.tell(.stopped(old("web"))) == [.startReplica(old("web"))])
  }
}
