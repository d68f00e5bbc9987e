import Rollouts
import Testing

/// The way back, from every place it can begin at.
@Suite struct RestoringTests {
  @Test func `a crash in the bake shifts traffic back at once, then stops the new release`() throws
  {
    var rollout = Telling(try plan(from: [web(1), worker(1)], to: [web(1), worker(1)]))
    rollout.reachBake()

    #expect(
      rollout.tell(.replicaExited(new("web"), .signal(9))) == [
        .endProbing(new("web")),
        .judged(
          Judgement(
            decision: .rollBack, verdict: .unhealthy, phase: .baking,
            reason: "new web/1 ended with signal 9")),
        .beginRollback(reason: "new web/1 ended with signal 9"),
        .shiftTraffic(to: [old("web")]),
      ])
    #expect(
      rollout.tell(.trafficShifted(to: [old("web")])) == [
        .beginProbing(old("web")), .beginProbing(old("worker")),
      ])
    #expect(rollout.tell(.probed(old("web"), pass)) == [])
    #expect(
      rollout.tell(.probed(old("worker"), pass)) == [
        .endProbing(new("worker")), .stop(new("worker")),
      ])
    #expect(
      rollout.tell(.stopped(new("worker"))) == [
        .settle(.rolledBack(reason: "new web/1 ended with signal 9"))
      ])
  }

  @Test(arguments: [true, false])
  func `what is replaced is not mourned, even when nothing answers any more`(automatic: Bool) throws
  {
    var rollout = Telling(
      try plan(from: [web(2), worker(1)], to: [web(2), worker(1)], automatic: automatic))
    rollout.tell(.started)

    #expect(rollout.tell(.replicaExited(old("worker"), .signal(9))) == [])
    #expect(rollout.tell(.replicaExited(old("web", 1), .signal(9))) == [])
    #expect(
      rollout.tell(.replicaExited(old("web", 2), .signal(9))) == [.startReplica(old("web", 2))])

    #expect(rollout.machine.state.phase == .starting)
    #expect(rollout.prove(new("web", 1)).last == .shiftTraffic(to: [new("web", 1)]))
    rollout.tell(.trafficShifted(to: [new("web", 1)]))
    #expect(rollout.prove(new("web", 2)) == [.beginProbing(new("web", 2))])
    rollout.tell(.replicaStarted(new("worker")))
    rollout.tell(.probed(new("worker"), pass))
    let shift = rollout.tell(.probed(new("worker"), pass))
    #expect(shift.decisions == [.proceed])
    #expect(shift.last == .shiftTraffic(to: [new("web", 1), new("web", 2)]))
  }

  @Test func `what served alone is started again and serves until something new is proven`() throws
  {
    var rollout = Telling(try plan())
    rollout.tell(.started)
    #expect(
      rollout.tell(.replicaExited(old("web"), .signal(9))) == [.startReplica(old("web"))])

    #expect(rollout.prove(old("web"), passes: 1).last == .shiftTraffic(to: [old("web")]))
    #expect(rollout.tell(.probed(old("web"), pass)) == [], "it is asked for already")
    rollout.tell(.trafficShifted(to: [old("web")]))
    for _ in 0..<3 { #expect(rollout.tell(.probed(old("web"), refused)) == []) }

    #expect(rollout.machine.state.phase == .starting)
    #expect(rollout.prove(new("web")).last == .shiftTraffic(to: [new("web")]))
  }

  @Test func `who ends while requests are sent there is given them again when started again`()
    throws
  {
    var rollout = Telling(try plan())
    rollout.tell(.started)
    rollout.tell(.replicaExited(old("web"), .signal(9)))
    rollout.prove(old("web"), passes: 1)
    #expect(
      rollout.tell(.replicaExited(old("web"), .signal(9)))
        == [.endProbing(old("web")), .startReplica(old("web"))])
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [])

    #expect(rollout.prove(old("web"), passes: 1).last == .shiftTraffic(to: [old("web")]))
  }

  @Test func `a component that nobody answers for is not forgotten at the next switch`() throws {
    let api = PlannedComponent(name: "api", takesTraffic: true, health: .http, replicas: 1)
    var rollout = Telling(try plan(.rolling, from: [web(1), api], to: [web(1), api]))
    rollout.tell(.started)
    #expect(
      rollout.tell(.replicaExited(old("api"), .signal(9))) == [.startReplica(old("api"))])
    #expect(rollout.prove(new("web")).last == .shiftTraffic(to: [new("web")]))
    rollout.tell(.trafficShifted(to: [new("web")]))

    let shift = rollout.prove(old("api"), passes: 1).last

    #expect(shift == .shiftTraffic(to: [old("api"), new("web")]))
  }

  @Test func `a start that fails three times is given up, and the rollout goes on`() throws {
    var rollout = Telling(try plan())
    rollout.tell(.started)
    rollout.tell(.replicaExited(old("web"), .signal(9)))
    for _ in 0..<2 {
      #expect(
        rollout.tell(.replicaStartFailed(old("web"), reason: "full"))
          == [.startReplica(old("web"))])
    }

    #expect(rollout.tell(.replicaStartFailed(old("web"), reason: "full")) == [])

    #expect(rollout.prove(new("web")).last == .shiftTraffic(to: [new("web")]))
  }

  @Test func `a switch to who has ended meanwhile is asked for again without them`() throws {
    var rollout = Telling(try plan(from: [web(2)], to: [web(2)], automatic: false))
    rollout.tell(.started)
    let both = [old("web", 1), old("web", 2)]
    #expect(rollout.tell(.resumed) == [.shiftTraffic(to: both)])
    rollout.tell(.replicaExited(old("web", 1), .unknown))

    #expect(
      rollout.tell(.trafficShiftFailed(to: both, reason: "nothing runs there"))
        == [.shiftTraffic(to: [old("web", 2)])])

    rollout.tell(.trafficShifted(to: [old("web", 2)]))
    #expect(rollout.machine.outcome == nil)
  }

  @Test func `one component without anybody who answers gets who can`() throws {
    let api = PlannedComponent(name: "api", takesTraffic: true, health: .http, replicas: 1)
    let both = [web(2), api]
    var rollout = Telling(try plan(from: both, to: both))
    rollout.tell(.started)
    rollout.prove(new("api"))
    rollout.prove(new("web"))

    #expect(
      rollout.tell(.replicaExited(old("api"), .signal(9))) == [
        .shiftTraffic(to: [old("web", 1), old("web", 2), new("api")].sorted())
      ])
  }

  @Test func `a rollback is not undone by the crash loop that it leaves`() throws {
    var rollout = Telling(try plan(skipsWaits: true))
    rollout.tell(.started)

    #expect(rollout.tell(.replicaExited(old("web"), .status(9))) == [])

    #expect(rollout.prove(new("web"), passes: 1).last == .shiftTraffic(to: [new("web")]))
    rollout.tell(.trafficShifted(to: [new("web")]))
    #expect(rollout.machine.outcome == .succeeded)
  }

  @Test func `failed probes in the bake send it back at the threshold`() throws {
    var rollout = Telling(try plan())
    rollout.reachBake()

    for _ in 0..<2 { #expect(rollout.tell(.probed(new("web"), refused)) == []) }
    let instructions = rollout.tell(.probed(new("web"), refused))

    #expect(instructions.decisions == [.rollBack])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [.beginProbing(old("web"))])
    #expect(rollout.tell(.probed(old("web"), pass)) == [.drain(new("web"))])
    #expect(
      rollout.tell(.drained(new("web"))) == [.endProbing(new("web")), .stop(new("web"))])
    rollout.tell(.stopped(new("web")))
    #expect(
      rollout.machine.outcome
        == .rolledBack(
          reason: "new web/1 failed 3 probes in a row, the last one with: connection refused"))
  }

  @Test func `a failed start asks the router and the old replicas before it is over`() throws {
    var rollout = Telling(try plan(to: [web(2)]))
    rollout.tell(.started)

    let instructions = rollout.tell(
      .replicaStartFailed(new("web", 1), reason: "no such file: bin/web"))

    #expect(
      instructions == [
        .judged(
          Judgement(
            decision: .rollBack, verdict: .unhealthy, phase: .starting,
            reason: "new web/1 did not start: no such file: bin/web")),
        .beginRollback(reason: "new web/1 did not start: no such file: bin/web"),
        .shiftTraffic(to: [old("web")]),
      ])
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [.beginProbing(old("web"))])
    #expect(rollout.tell(.probed(old("web"), refused)) == [])
    #expect(rollout.tell(.probed(old("web"), pass)) == [.stop(new("web", 2))])
    #expect(rollout.tell(.replicaStarted(new("web", 2))) == [])
    rollout.tell(.stopped(new("web", 2)))
    #expect(
      rollout.machine.outcome
        == .rolledBack(reason: "new web/1 did not start: no such file: bin/web"))
  }

  @Test func `a deadline without an answer is inconclusive, and goes back`() throws {
    var rollout = Telling(try plan())
    rollout.tell(.started)
    rollout.tell(.replicaStarted(new("web")))

    #expect(rollout.wait(29_999) == [])
    #expect(
      rollout.wait(1).judgements == [
        Judgement(
          decision: .rollBack, verdict: .inconclusive, phase: .starting,
          reason: "starting was not over within 30000 ms; new web/1 gave no answer")
      ])
  }

  @Test func `a deadline with failed answers is unhealthy`() throws {
    var rollout = Telling(try plan())
    rollout.tell(.started)
    rollout.tell(.replicaStarted(new("web")))
    rollout.tell(.probed(new("web"), refused))

    #expect(
      rollout.wait(30_000).judgements == [
        Judgement(
          decision: .rollBack, verdict: .unhealthy, phase: .starting,
          reason: """
            starting was not over within 30000 ms; new web/1 passed 0 of 2 in a row, last: \
            connection refused
            """)
      ])
  }

  @Test func `a bake in silence goes back at the deadline, as inconclusive`() throws {
    var rollout = Telling(try plan())
    rollout.reachBake()

    let instructions = rollout.wait(120_000)

    #expect(
      instructions.judgements == [
        Judgement(
          decision: .rollBack, verdict: .inconclusive, phase: .baking,
          reason: "baking was not over within 120000 ms; new web/1 gave no answer")
      ])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
  }

  @Test func `a switch that fails is undone, even if it may have happened`() throws {
    var rollout = Telling(try plan())
    rollout.tell(.started)
    rollout.prove(new("web"))

    let instructions = rollout.tell(
      .trafficShiftFailed(to: [new("web")], reason: "the router did not answer"))

    #expect(instructions.judgements.map(\.verdict) == [.inconclusive])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
  }

  @Test func `a switch that never ends is undone at the deadline`() throws {
    var rollout = Telling(try plan())
    rollout.tell(.started)
    rollout.prove(new("web"))

    let instructions = rollout.wait(120_000)

    #expect(instructions.judgements.map(\.reason) == ["shifting was not over within 120000 ms"])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
  }

  @Test func `an abort goes back whatever the policy says`() throws {
    var rollout = Telling(try plan(enabled: false, automatic: false))
    rollout.reachBake()

    let instructions = rollout.tell(.abortRequested(reason: "INC-7"))

    #expect(instructions.judgements.map(\.reason) == ["an abort was requested: INC-7"])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
    #expect(rollout.tell(.abortRequested(reason: "INC-8")) == [])
  }

  @Test(arguments: [limits.startupDeadlineMs, limits.progressDeadlineMs])
  func `an abort that comes after a deadline goes back all the same`(lateMs: Int64) throws {
    var rollout = Telling(try plan(enabled: false, automatic: false))
    rollout.tell(.started)
    rollout.nowMs += lateMs + 1

    let instructions = rollout.tell(.abortRequested(reason: "INC-7"))

    #expect(instructions.judgements.map(\.reason) == ["an abort was requested: INC-7"])
    #expect(instructions.last == .shiftTraffic(to: [old("web")]))
    #expect(rollout.machine.hasTurnedBack)
  }

  @Test func `what had begun when it was held is known to run`() throws {
    var rollout = Telling(try plan(to: [web(1), worker(1)], automatic: false))
    rollout.tell(.started)
    rollout.tell(.replicaStartFailed(new("web"), reason: "no port"))
    #expect(rollout.machine.outcome != nil)

    #expect(rollout.tell(.replicaStarted(new("worker"))) == [])

    #expect(rollout.machine.expected == [old("web"), new("worker")])
  }

  @Test(arguments: [(true, false), (false, true), (false, false)])
  func `without automatic rollback everything is held as it is`(enabled: Bool, automatic: Bool)
    throws
  {
    var rollout = Telling(try plan(enabled: enabled, automatic: automatic))
    rollout.reachBake()

    #expect(
      rollout.tell(.replicaExited(new("web"), .status(1))) == [
        .endProbing(new("web")),
        .judged(
          Judgement(
            decision: .hold, verdict: .unhealthy, phase: .baking,
            reason: "new web/1 ended with exit status 1")),
        .shiftTraffic(to: [old("web")]),
        .settle(.held(reason: "new web/1 ended with exit status 1")),
      ])
  }

  @Test func `old replicas already stopped are started again and proven before the switch`() throws
  {
    var rollout = Telling(try plan(.rolling, from: [web(2)], to: [web(2)]))
    rollout.tell(.started)
    rollout.prove(new("web", 1))
    rollout.tell(.trafficShifted(to: [old("web", 2), new("web", 1)]))
    rollout.tell(.drained(old("web", 1)))
    rollout.tell(.stopped(old("web", 1)))

    let failure = rollout.tell(.replicaStartFailed(new("web", 2), reason: "out of memory"))

    #expect(failure.last == .shiftTraffic(to: [old("web", 2), new("web", 1)]))
    #expect(
      rollout.tell(.trafficShifted(to: [old("web", 2), new("web", 1)])) == [
        .beginProbing(old("web", 2)), .startReplica(old("web", 1)),
      ])
    #expect(rollout.prove(old("web", 1), passes: 1) == [.beginProbing(old("web", 1))])
    #expect(
      rollout.tell(.probed(old("web", 2), pass)) == [
        .shiftTraffic(to: [old("web", 1), old("web", 2)])
      ])
    #expect(
      rollout.tell(.trafficShifted(to: [old("web", 1), old("web", 2)]))
        == [.drain(new("web", 1))])
  }

  @Test func `an old replica that is just being stopped is started when it is gone`() throws {
    var rollout = Telling(try plan(.rolling))
    rollout.tell(.started)
    rollout.prove(new("web"))
    rollout.tell(.trafficShifted(to: [new("web")]))
    rollout.tell(.drained(old("web")))

    let failure = rollout.tell(.replicaExited(new("web"), .signal(6)))

    #expect(failure.last == .beginRollback(reason: "new web/1 ended with signal 6"))
    #expect(rollout.tell(.replicaExited(old("web"), .status(0))) == [.startReplica(old("web"))])
  }

  @Test func `a release of which nothing ran is started whole`() throws {
    let before = [web(1), worker(1)]
    var rollout = Telling(
      try RolloutPlan(
        strategy: .blueGreen, components: [web(1)],
        predecessor: Predecessor(components: before, running: []), limits: limits,
        rollback: RollbackPolicy(enabled: true, automatic: true)))
    rollout.tell(.started)

    let instructions = rollout.tell(.replicaStartFailed(new("web"), reason: "no port"))

    #expect(
      instructions.suffix(2) == [.startReplica(old("web")), .startReplica(old("worker"))])
    rollout.prove(old("web"), old("worker"), passes: 1)
    #expect(
      rollout.tell(.trafficShifted(to: [old("web")])) == [
        .settle(.rolledBack(reason: "new web/1 did not start: no port"))
      ])
  }
}
