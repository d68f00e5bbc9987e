import Events
import Projections
import Testing

/// What is known last of each instance.
@Suite struct HealthStatesTests {
  private func health(_ story: Story, _ instance: InstanceName = "a") -> HealthStates.Health? {
    story.fold(HealthStates.self).instances(in: Story.place)[instance]
  }

  private func change(_ story: inout Story, to state: HealthState) {
    let changed = HealthChanged(
      component: "orchestrator", instance: "a", from: .unknown, to: state, reason: "5 passes")
    story.record((.health(.changed(changed)), "health/tamma.production"))
  }

  private func summarize(_ story: inout Story, passes: Int, failures: Int) {
    let window = HealthSummarized(
      component: "orchestrator", instance: "a", windowMs: 1, passes: passes, failures: failures,
      latencyUsMax: 1, latencyUsMedian: 1)
    story.record((.health(.summarized(window)), "health/tamma.production"))
  }

  @Test func `a probe says how an instance is, and since when`() {
    var story = Story()
    story.probe("a", .pass)
    story.probe("a", .pass)
    #expect(health(story)?.state == .healthy)
    #expect(health(story)?.since == Story.time(0))
    #expect(health(story)?.streak == 2)
    #expect(health(story)?.latencyUs == 1_200)
    #expect(health(story)?.status == 200)
    #expect(health(story)?.reason == nil)
    #expect(health(story)?.component == "orchestrator")

    story.probe("a", .fail, reason: "timed out")
    #expect(health(story)?.state == .unhealthy)
    #expect(health(story)?.since == Story.time(2))
    #expect(health(story)?.streak == 1)
    #expect(health(story)?.reason == "timed out")
    #expect(health(story)?.position == 2)
  }

  @Test func `a change says how an instance is, and why`() {
    var story = Story()
    change(&story, to: .unhealthy)

    #expect(health(story)?.state == .unhealthy)
    #expect(health(story)?.reason == "5 passes")
    #expect(health(story)?.latencyUs == nil)
  }

  @Test func `a window without failures is health, one with failures changes nothing`() {
    var story = Story()
    change(&story, to: .unhealthy)
    summarize(&story, passes: 9, failures: 1)
    #expect(health(story)?.state == .unhealthy)
    #expect(health(story)?.position == 1)
    summarize(&story, passes: 0, failures: 0)
    #expect(health(story)?.state == .unhealthy)
    summarize(&story, passes: 9, failures: 0)
    #expect(health(story)?.state == .healthy)
    #expect(health(story)?.since == Story.time(3))
  }

  @Test func `instances are told apart, and another component's begins anew`() {
    var story = Story()
    story.probe("a", .pass)
    story.probe("a", .pass)
    story.probe("b", .fail)
    story.probe("a", .pass, component: "workers")

    #expect(health(story)?.streak == 1)
    #expect(health(story)?.component == "workers")
    #expect(health(story, "b")?.state == .unhealthy)
  }

  @Test func `the next deployment begins with nobody known`() {
    var story = Story()
    story.probe("a", .pass)
    story.start(1, Story.plan(Story.build1, release: 1))
    #expect(story.fold(HealthStates.self).instances(in: Story.place).isEmpty)

    story.probe("a", .pass)
    #expect(health(story)?.streak == 1)
  }

  @Test func `an instance that is gone is forgotten`() {
    var story = Story()
    story.probe("a", .pass)
    story.probe("b", .pass)
    let exit = ReplicaExited(component: "orchestrator", instance: "a", pid: 1, status: 0)
    story.record((.replica(.exited(exit)), "replica/tamma.production"))

    #expect(Array(story.fold(HealthStates.self).instances(in: Story.place).keys) == ["b"])
  }

  @Test func `a replica that its deployment stops, or that exits under it, is forgotten`() {
    var story = Story()
    for instance: InstanceName in ["a", "b", "c"] { story.probe(instance, .fail) }
    let slot = ReplicaSlot(component: "orchestrator", generation: .new, replica: 1)
    for (step, action) in [(1, StepAction.drainReplica), (2, .stopReplica)] {
      story.say(
        1,
        .stepStarted(
          DeploymentStepStarted(
            step: step, action: action, slots: [slot], instance: step == 1 ? "c" : "a")))
    }
    story.say(1, .replicaExited(DeploymentReplicaExited(slot: slot, instance: "b", signal: 9)))

    #expect(Array(story.fold(HealthStates.self).instances(in: Story.place).keys) == ["c"])
  }

  @Test func `what is said of no place is nobody's`() {
    var story = Story()
    let check = HealthChecked(component: "a", instance: "a", latencyUs: 1, verdict: .pass)
    story.record((.health(.checked(check)), "health/main"), scope: Scope())

    #expect(story.fold(HealthStates.self) == HealthStates())
  }
}
