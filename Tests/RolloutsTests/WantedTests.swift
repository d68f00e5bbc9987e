import Rollouts
import Testing

/// What is left to be kept up when a rollout is over.
@Suite struct WantedTests {
  @Test func `after a success it is everything new`() throws {
    var rollout = Telling(try plan(from: [web(1), worker(1)], to: [web(1), worker(1)]))
    rollout.reachBake()
    rollout.bake()
    rollout.tell(.drained(old("web")))
    for slot in [old("web"), old("worker")] { rollout.tell(.stopped(slot)) }

    #expect(rollout.machine.wanted == [new("web"), new("worker")])
  }

  @Test func `after a hold it is also an old one that ended on the way`() throws {
    var rollout = Telling(
      try plan(from: [web(1), worker(1)], to: [web(1), worker(1)], automatic: false))
    rollout.tell(.started)
    rollout.tell(.replicaExited(old("worker"), .signal(9)))
    rollout.tell(.replicaStartFailed(new("web"), reason: "no memory"))

    #expect(rollout.machine.outcome == .held(reason: "new web/1 did not start: no memory"))
    #expect(rollout.machine.expected == [old("web")])
    #expect(rollout.machine.wanted == [old("web"), old("worker")])
  }

  @Test func `after a hold past the bake it is the new release, the one that ended too`() throws {
    var rollout = Telling(
      try plan(from: [web(1), worker(1)], to: [web(1), worker(1)], automatic: false))
    rollout.reachBake()
    rollout.bake()
    rollout.tell(.drained(old("web")))
    rollout.tell(.replicaExited(new("web"), .signal(9)))

    #expect(rollout.machine.outcome == .held(reason: "new web/1 ended with signal 9"))
    #expect(rollout.machine.wanted == [new("web"), new("worker")])
  }

  @Test func `what ended before it was to be stopped is not wanted back`() throws {
    var rollout = Telling(try plan(from: [web(1), worker(1)], to: [web(1), worker(1)]))
    rollout.reachBake()
    rollout.tell(.replicaExited(old("worker"), .signal(9)))
    rollout.bake()
    rollout.tell(.drained(old("web")))
    rollout.wait(125_000)

    #expect(
      rollout.machine.outcome == .held(reason: "previous web/1 did not stop within 125000 ms"))
    #expect(rollout.machine.wanted == [new("web"), new("worker")])
  }
}
