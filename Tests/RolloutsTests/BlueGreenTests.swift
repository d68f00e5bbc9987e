import Rollouts
import Testing

/// All new replicas beside all old ones, one switch, a look, and only then the old ones go.
@Suite struct BlueGreenTests {
  var rollout: Telling

  init() throws {
    rollout = Telling(try plan(from: [web(2), worker(1)], to: [web(2), worker(1)]))
  }

  @Test mutating func `every new replica is started at once`() {
    #expect(
      rollout.tell(.started) == [
        .startReplica(new("web", 1)), .startReplica(new("web", 2)), .startReplica(new("worker")),
      ])
    #expect(rollout.machine.state.phase == .starting)
  }

  @Test mutating func `a replica is probed from the moment it runs`() {
    rollout.tell(.started)

    #expect(rollout.tell(.replicaStarted(new("web", 2))) == [.beginProbing(new("web", 2))])
  }

  @Test mutating func `traffic moves when the last replica is proven, not before`() {
    rollout.tell(.started)
    rollout.prove(new("web", 1), new("worker"))
    rollout.tell(.replicaStarted(new("web", 2)))

    #expect(rollout.tell(.probed(new("web", 2), pass)) == [])
    #expect(
      rollout.tell(.probed(new("web", 2), pass)) == [
        .judged(
          Judgement(
            decision: .proceed, verdict: .healthy, phase: .starting,
            reason: """
              3 replicas passed 2 probes in a row each; the slowest last answer took 3.4 ms
              """)),
        .shiftTraffic(to: [new("web", 1), new("web", 2)]),
      ])
  }

  @Test func `a rollback by hand asks each replica once and waits for no second look`() throws {
    var rollout = Telling(try plan(skipsWaits: true))
    rollout.tell(.started)

    #expect(rollout.prove(new("web"), passes: 1).effects.last == .shiftTraffic(to: [new("web")]))
    #expect(
      rollout.tell(.trafficShifted(to: [new("web")])).effects == [.drain(old("web"))])
  }

  @Test mutating func `a failure between two passes begins the count again`() {
    rollout.tell(.started)
    rollout.prove(new("web", 1), new("worker"))
    rollout.tell(.replicaStarted(new("web", 2)))

    for answer in [pass, refused, pass] {
      #expect(rollout.tell(.probed(new("web", 2), answer)) == [])
    }
    #expect(rollout.tell(.probed(new("web", 2), pass)).count == 2)
  }

  @Test mutating func `the previous release is given up only after the bake`() {
    rollout.reachBake()
    #expect(rollout.machine.state.phase == .baking)

    let instructions = rollout.bake()

    #expect(
      instructions == [
        .judged(
          Judgement(
            decision: .proceed, verdict: .healthy, phase: .baking,
            reason: """
              in a bake of 10000 ms 27 probes passed and 0 failed; the slowest answer took 3.4 ms
              """)),
        .drain(old("web", 1)), .drain(old("web", 2)),
      ])
  }

  @Test mutating func `drained replicas are stopped, and when they are gone it has succeeded`() {
    rollout.reachBake()
    rollout.bake()

    #expect(rollout.tell(.drained(old("web", 1))) == [])
    #expect(
      rollout.tell(.drained(old("web", 2))) == [
        .stop(old("web", 1)), .stop(old("web", 2)), .stop(old("worker")),
      ])
    rollout.tell(.stopped(old("web", 1)))
    rollout.tell(.stopped(old("worker")))
    #expect(rollout.tell(.stopped(old("web", 2))) == [.settle(.succeeded)])
  }

  @Test mutating func `connections that do not end are not waited for longer than the drain`() {
    rollout.reachBake()
    rollout.bake()

    #expect(rollout.wait(4_999) == [])
    #expect(
      rollout.wait(1) == [.stop(old("web", 1)), .stop(old("web", 2)), .stop(old("worker"))])
  }

  @Test mutating func `a bake without any answer does not end`() {
    rollout.reachBake()

    #expect(rollout.wait(60_000) == [])
    #expect(rollout.machine.state.phase == .baking)
    for slot in [new("web", 1), new("web", 2)] {
      #expect(rollout.tell(.probed(slot, pass)) == [])
    }
    #expect(rollout.tell(.probed(new("worker"), pass)).decisions == [.proceed])
  }

  @Test mutating func `a bake does not end on a failed last answer`() {
    rollout.reachBake()
    rollout.nowMs += 10_000
    rollout.tell(.probed(new("web", 1), refused))
    rollout.tell(.probed(new("web", 2), pass))

    #expect(rollout.tell(.probed(new("worker"), pass)) == [])
    #expect(rollout.tell(.probed(new("web", 1), pass)).decisions == [.proceed])
  }

  @Test mutating func `a bake ends with the tick after it when all answers are fresh`() {
    rollout.reachBake()
    rollout.nowMs += 9_500
    for slot in [new("web", 1), new("web", 2), new("worker")] { rollout.tell(.probed(slot, pass)) }

    #expect(rollout.wait(499) == [])
    #expect(rollout.wait(1).decisions == [.proceed])
  }

  @Test mutating func `without a component that takes traffic there is no switch`() throws {
    rollout = Telling(try plan(from: [worker(1)], to: [worker(1)]))
    rollout.tell(.started)

    #expect(rollout.prove(new("worker")).effects == [.beginProbing(new("worker"))])
    #expect(rollout.machine.state.phase == .baking)
  }

  @Test mutating func `a rollback by hand skips the bake and asks for one pass`() throws {
    rollout = Telling(try plan(skipsWaits: true))
    rollout.tell(.started)

    let proof = rollout.prove(new("web"), passes: 1)
    let rest = rollout.tell(.trafficShifted(to: [new("web")]))

    #expect(proof.last == .shiftTraffic(to: [new("web")]))
    #expect(rest == [.drain(old("web"))])
  }

  @Test mutating func `a drain of no time is no drain`() throws {
    var limits = limits
    limits.drainMs = 0
    rollout = Telling(try plan(limits: limits, skipsWaits: true))
    rollout.tell(.started)
    rollout.prove(new("web"), passes: 1)

    #expect(rollout.tell(.trafficShifted(to: [new("web")])) == [.stop(old("web"))])
  }

  @Test mutating func `old replicas that do not stop are held for a person, after a deadline`() {
    rollout.reachBake()
    rollout.bake()
    rollout.wait(5_000)

    let instructions = rollout.wait(120_000)

    #expect(
      instructions == [
        .settle(
          .held(
            reason: """
              previous web/1, previous web/2, previous worker/1 did not stop within 125000 ms
              """))
      ])
  }
}
