import Rollouts
import Testing

/// What a person sees while it runs.
@Suite struct ProgressTests {
  @Test func `before and after there is nothing to wait for`() throws {
    var rollout = Telling(try plan(skipsWaits: true))
    #expect(rollout.machine.progress.next == "nothing until the rollout is started")
    #expect(rollout.machine.progress.step == 0)
    #expect(rollout.machine.progress.leftMs == nil)
    #expect(rollout.machine.state.description == "waiting to be started")

    rollout.tell(.started)
    rollout.prove(new("web"), passes: 1)
    rollout.tell(.trafficShifted(to: [new("web")]))
    rollout.tell(.drained(old("web")))
    rollout.tell(.stopped(old("web")))

    #expect(rollout.machine.progress.next == "nothing, the rollout is over")
    #expect(rollout.machine.progress.phase == .settled)
    #expect(rollout.machine.state.description == "succeeded")
  }

  @Test func `starting shows each replica against its thresholds`() throws {
    var rollout = Telling(try plan(to: [web(2)]))
    rollout.tell(.started)
    rollout.tell(.replicaStarted(new("web", 1)))
    rollout.tell(.probed(new("web", 1), pass))
    rollout.wait(1_000)

    let progress = rollout.machine.progress

    #expect(progress.step == 1)
    #expect(progress.stepCount == 5)
    #expect(progress.leftMs == 29_000)
    #expect(progress.next == "back to the previous release")
    #expect(progress.slots.map(\.slot) == [old("web"), new("web", 1), new("web", 2)])
    #expect(progress.slots.map(\.condition) == [.serving, .unproven, .starting])
    #expect(progress.slots.map(\.passes) == [0, 1, 0])
    #expect(progress.slots.map(\.passesNeeded) == [1, 2, 2])
    #expect(progress.slots.map(\.takesRequests) == [true, false, false])
    #expect(progress.slots[1].last == pass)
    #expect(progress.slots[1].failuresAllowed == 3)
    #expect(rollout.machine.state.description == "starting new web/1, new web/2")
  }

  @Test func `a bake counts down to the moment the previous release is given up`() throws {
    var rollout = Telling(try plan())
    rollout.reachBake()
    rollout.wait(4_000)
    rollout.tell(.probed(new("web"), refused))

    #expect(rollout.machine.progress.leftMs == 6_000)
    #expect(rollout.machine.progress.next == "the previous release is given up")
    #expect(rollout.machine.progress.slots.map(\.condition) == [.serving, .failing])
    #expect(rollout.machine.progress.slots.map(\.failures) == [0, 1])
    #expect(rollout.machine.state.description == "watching the new release serve")

    rollout.wait(7_000)

    #expect(rollout.machine.progress.leftMs == 109_000)
    #expect(rollout.machine.progress.next == "back to the previous release")
  }

  @Test func `draining and stopping say what follows`() throws {
    var rollout = Telling(try plan())
    rollout.reachBake()
    rollout.bake()
    #expect(rollout.machine.progress.slots.map(\.condition) == [.serving, .healthy])
    #expect(rollout.machine.progress.next == "the drained replicas are stopped")
    #expect(rollout.machine.state.description == "draining previous web/1")

    rollout.tell(.drained(old("web")))

    #expect(rollout.machine.progress.slots.map(\.condition) == [.stopping, .healthy])
    #expect(
      rollout.machine.progress.next
        == "the rollout is held with old replicas that did not stop")
    #expect(rollout.machine.state.description == "stopping previous web/1")
  }

  @Test func `without automatic rollback it says that it would be held`() throws {
    var rollout = Telling(try plan(automatic: false))
    rollout.tell(.started)

    #expect(
      rollout.machine.progress.next
        == "everything is held as it is, for a person to decide")
  }

  @Test func `a first deployment says that it would be stopped`() throws {
    var rollout = Telling(try plan(from: nil))
    rollout.tell(.started)
    #expect(rollout.machine.progress.next == "what was started is stopped")

    rollout.tell(.abortRequested(reason: "INC-7"))

    #expect(rollout.machine.progress.phase == .clearing)
    #expect(
      rollout.machine.progress.next == "the rollout ends with processes that did not stop")
    #expect(
      rollout.machine.state.description
        == "clearing away a failed first deployment: stopping new web/1")
  }

  @Test func `the way back says what its failure would be`() throws {
    var rollout = Telling(try plan())
    rollout.reachBake()
    rollout.tell(.abortRequested(reason: "INC-7"))
    #expect(rollout.machine.progress.next == "the rollback has failed")
    #expect(rollout.machine.progress.stepCount == 5)
    #expect(
      rollout.machine.state.description
        == "restoring the previous release: shifting traffic to previous web/1")

    rollout.tell(.trafficShifted(to: [old("web")]))
    rollout.tell(.probed(old("web"), pass))

    #expect(rollout.machine.progress.next == "the new release is stopped")
    #expect(rollout.machine.progress.leftMs == 5_000)
  }

  @Test func `facts, instructions and outcomes read as words`() {
    let facts: [Fact] = [
      .started, .replicaStarted(new("web")), .replicaStartFailed(new("web"), reason: "no port"),
      .probed(new("web"), pass), .replicaExited(new("web"), .unknown),
      .trafficShifted(to: [new("web")]), .trafficShiftFailed(to: [], reason: "no answer"),
      .drained(old("web")), .stopped(old("web")), .tick, .resumed,
      .abortRequested(reason: "INC-7"),
    ]
    #expect(
      facts.map(\.description) == [
        "the rollout starts", "new web/1 runs", "new web/1 did not start: no port",
        "new web/1 was probed: pass, 200 OK", "new web/1 ended with an end nobody saw",
        "traffic goes to new web/1", "traffic was not shifted: no answer",
        "previous web/1 is drained", "previous web/1 is stopped", "time passes",
        "another driver goes on",
        "an abort is requested: INC-7",
      ])
    let judgement = Judgement(
      decision: .hold, verdict: .unhealthy, phase: .baking, reason: "3 failures")
    let instructions: [Instruction] = [
      .startReplica(new("web")), .beginProbing(new("web")), .endProbing(new("web")),
      .shiftTraffic(to: [new("web"), old("web")]), .drain(old("web")), .stop(old("web")),
      .judged(judgement), .beginRollback(reason: "3 failures"), .settle(.held(reason: "why")),
      .settle(.rolledBack(reason: "why")), .settle(.stopped(reason: "why")),
      .settle(.rollbackFailed(reason: "why")),
    ]
    #expect(
      instructions.map(\.description) == [
        "start new web/1", "begin to probe new web/1", "probe new web/1 no more",
        "shift traffic to previous web/1, new web/1", "drain previous web/1",
        "stop previous web/1", "judged: hold after baking, unhealthy: 3 failures",
        "begin the rollback: 3 failures", "settle: held: why", "settle: rolled back: why",
        "settle: stopped: why", "settle: the rollback failed: why",
      ])
  }
}
