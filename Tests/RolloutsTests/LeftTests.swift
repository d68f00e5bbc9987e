import Rollouts
import Testing

/// What an earlier rollout, held on its way, has left running: it may serve, and comes back with
/// nothing.
@Suite struct LeftTests {
  private func plan(
    _ strategy: RolloutStrategy = .blueGreen, running: Set<Slot>, left: Set<Slot>,
    serving: Set<Slot>
  ) throws -> RolloutPlan {
    try RolloutPlan(
      strategy: strategy, components: [web(1)],
      predecessor: Predecessor(
        components: [web(1)], running: running, left: left, serving: serving), limits: limits,
      rollback: RollbackPolicy(enabled: true, automatic: true))
  }

  @Test func `the way back stops it with what is new`() throws {
    var rollout = Telling(
      try plan(running: [old("web")], left: [left("web")], serving: [old("web")]))
    rollout.tell(.started)

    let back = rollout.tell(.replicaStartFailed(new("web"), reason: "no port"))

    #expect(back.last == .shiftTraffic(to: [old("web")]))
    let watched = rollout.tell(.trafficShifted(to: [old("web")]))
    #expect(watched == [.beginProbing(old("web"))])
    let stops = rollout.tell(.probed(old("web"), pass))
    #expect(stops == [.stop(left("web"))])
    #expect(
      rollout.tell(.stopped(left("web"))) == [
        .settle(.rolledBack(reason: "new web/1 did not start: no port"))
      ])
    #expect(rollout.machine.expected == [old("web")])
  }

  @Test func `where it alone serves it does until the good release is back`() throws {
    var rollout = Telling(try plan(running: [], left: [left("web")], serving: [left("web")]))
    rollout.tell(.started)

    let back = rollout.tell(.replicaStartFailed(new("web"), reason: "no port"))

    #expect(rollout.machine.traffic == [left("web")])
    #expect(back.last == .shiftTraffic(to: [left("web")]))
    let starts = rollout.tell(.trafficShifted(to: [left("web")]))
    #expect(starts == [.startReplica(old("web"))])
    let shift = rollout.prove(old("web"), passes: 1)
    #expect(shift.last == .shiftTraffic(to: [old("web")]))
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [.drain(left("web"))])
    #expect(rollout.tell(.drained(left("web"))) == [.stop(left("web"))])
  }

  @Test func `going forward it goes first, one at a time`() throws {
    var rollout = Telling(
      try plan(
        .rolling, running: [old("web")], left: [left("web")],
        serving: [old("web"), left("web")]))
    rollout.tell(.started)

    let shift = rollout.prove(new("web"))

    #expect(shift.last == .shiftTraffic(to: [old("web"), new("web")]))
    #expect(
      rollout.tell(.trafficShifted(to: [old("web"), new("web")])) == [.drain(left("web"))])
  }

  @Test func `it gets no requests any more once something proven does`() throws {
    var rollout = Telling(
      try RolloutPlan(
        strategy: .rolling, components: [web(2)],
        predecessor: Predecessor(
          components: [web(2)], running: [], left: [left("web", 1), left("web", 2)],
          serving: [left("web", 1), left("web", 2)]), limits: limits,
        rollback: RollbackPolicy(enabled: true, automatic: false)))
    rollout.tell(.started)

    #expect(rollout.prove(new("web", 1)).last == .shiftTraffic(to: [new("web", 1)]))
  }

  @Test func `where it ends requests go to the good release that is still there`() throws {
    var rollout = Telling(
      try plan(running: [old("web")], left: [left("web")], serving: [left("web")]))
    rollout.tell(.started)

    #expect(
      rollout.tell(.replicaExited(left("web"), .signal(9))) == [.shiftTraffic(to: [old("web")])])

    rollout.tell(.trafficShifted(to: [old("web")]))
    #expect(rollout.machine.state.phase == .starting)
    #expect(rollout.prove(new("web")).last == .shiftTraffic(to: [new("web")]))
  }

  @Test func `a way back gives requests only to who had them or has answered since`() throws {
    var rollout = Telling(
      try plan(running: [old("web")], left: [left("web")], serving: [left("web")]))
    rollout.tell(.started)

    let asked = rollout.tell(.abortRequested(reason: "it is bad"))
    #expect(asked.last == .shiftTraffic(to: [left("web")]))
    let told = rollout.tell(.trafficShifted(to: [left("web")]))
    #expect(told.contains(.beginProbing(old("web"))))
    #expect(!told.contains(.shiftTraffic(to: [old("web")])))
    #expect(!rollout.tell(.probed(old("web"), refused)).contains(.shiftTraffic(to: [old("web")])))
    #expect(rollout.machine.traffic == [left("web")])

    #expect(rollout.prove(old("web")).contains(.shiftTraffic(to: [old("web")])))
  }

  @Test func `after the switch, too, what answered before does until the way back is well`() throws
  {
    var rollout = Telling(
      try plan(running: [old("web")], left: [left("web")], serving: [left("web")]))
    rollout.tell(.started)
    rollout.prove(new("web"))
    rollout.tell(.trafficShifted(to: [new("web")]))

    let asked = rollout.tell(.replicaExited(new("web"), .signal(9)))

    #expect(asked.contains(.shiftTraffic(to: [left("web")])))
    #expect(!asked.contains(.shiftTraffic(to: [old("web")])))
  }

  @Test func `who was sent requests instead keeps them at the next switch`() throws {
    let api = PlannedComponent(name: "api", takesTraffic: true, health: .http, replicas: 1)
    var rollout = Telling(
      try RolloutPlan(
        strategy: .rolling, components: [web(1), api],
        predecessor: Predecessor(
          components: [web(1), api], running: [old("web"), old("api")],
          left: [left("web"), left("api")], serving: [left("web"), left("api")]), limits: limits,
        rollback: RollbackPolicy(enabled: true, automatic: false)))
    rollout.tell(.started)
    let rescue = [old("api"), left("web")].sorted()
    #expect(rollout.tell(.replicaExited(left("api"), .signal(9))) == [.shiftTraffic(to: rescue)])
    rollout.tell(.trafficShifted(to: rescue))

    #expect(
      rollout.prove(new("web")).last == .shiftTraffic(to: [old("api"), new("web")].sorted()))
  }

  @Test func `a rollback to what is still there is one switch`() throws {
    var rollout = Telling(
      try RolloutPlan(
        strategy: .blueGreen, components: [web(1)],
        predecessor: Predecessor(
          components: [web(1)], running: [old("web")], left: [left("web")], serving: [left("web")]),
        limits: limits, rollback: RollbackPolicy(enabled: true, automatic: false),
        skipsWaits: true, isReturn: true))

    let asked = rollout.tell(.started)

    #expect(asked.decisions == [.rollBack])
    #expect(asked.last == .shiftTraffic(to: [old("web")]))
    #expect(rollout.tell(.trafficShifted(to: [old("web")])) == [.beginProbing(old("web"))])
    #expect(rollout.tell(.probed(old("web"), pass)) == [.drain(left("web"))])
    #expect(rollout.tell(.drained(left("web"))) == [.stop(left("web"))])
    rollout.tell(.stopped(left("web")))
    #expect(
      rollout.machine.outcome
        == .rolledBack(
          reason: "what ran before is asked for, and is still there"))
  }

  @Test func `where it ends by itself nobody starts it again`() throws {
    var rollout = Telling(
      try plan(running: [old("web")], left: [left("web")], serving: [old("web")]))
    rollout.tell(.started)
    #expect(rollout.tell(.replicaExited(left("web"), .signal(9))) == [])
    rollout.tell(.replicaStartFailed(new("web"), reason: "no port"))
    rollout.tell(.trafficShifted(to: [old("web")]))
    rollout.tell(.probed(old("web"), pass))

    #expect(
      rollout.machine.outcome == .rolledBack(reason: "new web/1 did not start: no port"))
  }

  @Test(arguments: [[old("web")], [new("web")], [Slot(.left, "web", 0)]])
  func `only what is left is said to be`(left: Set<Slot>) throws {
    #expect(throws: RolloutPlanError.self) {
      try plan(running: [old("web")], left: left, serving: [])
    }
  }

  @Test func `only what runs is said to serve`() throws {
    #expect(throws: RolloutPlanError.predecessorSlotUnknown(left("web"))) {
      try plan(running: [old("web")], left: [], serving: [left("web")])
    }
  }
}
