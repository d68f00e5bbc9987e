import Rollouts
import Testing

/// A new replica that ends while the old ones are being stopped.
@Suite struct ReplacingTests {
  var rollout: Telling

  init() throws {
    rollout = Telling(try plan(from: [web(1), worker(1)], to: [web(1), worker(1)]))
    rollout.reachBake()
    rollout.bake()
    rollout.tell(.drained(old("web")))
  }

  private mutating func stopOld() -> [Instruction] {
    rollout.tell(.stopped(old("web"))) + rollout.tell(.stopped(old("worker")))
  }

  private mutating func kill(_ slot: Slot) -> [Instruction] {
    rollout.tell(.replicaExited(slot, .signal(9)))
  }

  @Test mutating func `it is started again, and nothing has succeeded before it is proven`() {
    #expect(kill(new("worker")) == [.endProbing(new("worker")), .startReplica(new("worker"))])
    #expect(stopOld() == [])
    #expect(rollout.machine.state.phase == .starting)

    let instructions = rollout.prove(new("worker"))

    #expect(instructions.decisions == [.proceed])
    #expect(instructions.last == .settle(.succeeded))
  }

  @Test mutating func `one that takes requests gets them again before it is over`() {
    _ = kill(new("web"))
    _ = stopOld()

    #expect(rollout.prove(new("web")).last == .shiftTraffic(to: [new("web")]))
    #expect(rollout.tell(.trafficShifted(to: [new("web")])) == [.settle(.succeeded)])
  }

  @Test mutating func `what is proven before the old ones are gone is not waited for`() {
    _ = kill(new("worker"))

    #expect(rollout.prove(new("worker")) == [.beginProbing(new("worker"))])
    #expect(stopOld() == [.settle(.succeeded)])
  }

  @Test mutating func `one that ends again and again is held`() {
    for _ in 1...2 {
      #expect(kill(new("worker")).last == .startReplica(new("worker")))
      rollout.tell(.replicaStarted(new("worker")))
    }

    let instructions = kill(new("worker"))

    #expect(instructions.decisions == [.hold])
    #expect(
      instructions.last == .settle(.held(reason: "new worker/1 ended with signal 9")))
  }

  @Test mutating func `one that is not proven in time is held, and an abort comes too late`() {
    _ = kill(new("worker"))
    _ = stopOld()

    #expect(rollout.tell(.abortRequested(reason: "INC-7")) == [])
    #expect(
      rollout.machine.progress.next == "the rollout is held as it is, for a person to decide")
    #expect(
      rollout.wait(30_000) == [
        .settle(
          .held(
            reason: "starting was not over within 30000 ms; new worker/1 gave no answer"))
      ])
  }

  @Test mutating func `another driver goes on with it`() {
    _ = kill(new("worker"))

    #expect(rollout.tell(.resumed) == [.shiftTraffic(to: [new("web")])])
    rollout.tell(.trafficShifted(to: [new("web")]))
    for _ in 1...2 { rollout.tell(.probed(new("web"), pass)) }
    #expect(stopOld() == [])
    #expect(rollout.prove(new("worker")).last == .settle(.succeeded))
  }

  @Test mutating func `a router that does not come back then is held`() {
    _ = kill(new("worker"))
    rollout.tell(.resumed)

    rollout.tell(.trafficShiftFailed(to: [new("web")], reason: "no room"))

    #expect(rollout.machine.outcome == .held(reason: "traffic was not shifted: no room"))
  }

  // MARK: What is left to be kept up

  @Test mutating func `after a success it is everything new`() {
    _ = stopOld()

    #expect(rollout.machine.wanted == [new("web"), new("worker")])
  }

  @Test mutating func `after a hold it is also an old one that ended on the way`() throws {
    rollout = Telling(
      try plan(from: [web(1), worker(1)], to: [web(1), worker(1)], automatic: false))
    rollout.tell(.started)
    _ = kill(old("worker"))
    rollout.tell(.replicaStartFailed(new("web"), reason: "no memory"))

    #expect(rollout.machine.outcome == .held(reason: "new web/1 did not start: no memory"))
    #expect(rollout.machine.expected == [old("web")])
    #expect(rollout.machine.wanted == [old("web"), old("worker")])
  }

  @Test mutating func `what ended before it was to be stopped is not wanted back`() throws {
    rollout = Telling(try plan(from: [web(1), worker(1)], to: [web(1), worker(1)]))
    rollout.reachBake()
    _ = kill(old("worker"))
    rollout.bake()
    rollout.tell(.drained(old("web")))
    rollout.wait(125_000)

    #expect(
      rollout.machine.outcome == .held(reason: "previous web/1 did not stop within 125000 ms"))
    #expect(rollout.machine.wanted == [new("web"), new("worker")])
  }
}
