import Events
import Projections
import Testing

/// Deployments and the leases under which they run.
@Suite struct DeploymentsTests {
  @Test func `a deployment is open from its start to its end`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    let opened = story.fold(Deployments.self)
    #expect(opened.open(in: Story.place)?.id == Story.deployment(1))

    story.succeed(1, release: 1)
    let ended = story.fold(Deployments.self)
    #expect(ended.open(in: Story.place) == nil)
    #expect(ended.latest(in: Story.place)?.ended == Story.time(1))
  }

  @Test func `a deployment is listed with what it set out to do`() {
    let deployments = Story.rolledBack.fold(Deployments.self)

    let last = deployments.latest(in: Story.place)
    #expect(deployments.all.map(\.release) == [2, 3, 4])
    #expect(last?.place == Story.place)
    #expect(last?.build == Story.build3)
    #expect(last?.cause == .deployment)
    #expect(last?.actor == Story.person)
    #expect(last?.position == 5)
    #expect(last?.started == Story.time(5))
    #expect(last?.last == 7)
    #expect(deployments.latest(in: Story.staging) == nil)
  }

  @Test func `the first request to abort it counts`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.say(1, .abortRequested(DeploymentAbortRequested()))
    story.say(1, .abortRequested(DeploymentAbortRequested()))

    let deployment = story.fold(Deployments.self).byID[Story.deployment(1)]
    #expect(deployment?.abortRequested == 1)
    #expect(deployment?.last == 2)
  }

  @Test(
    arguments: [
      .rolledBack(DeploymentRolledBack(durationMs: 1, release: 2, restored: 1, reason: "a")),
      .rollbackFailed(
        DeploymentRollbackFailed(durationMs: 1, release: 2, restores: 1, reason: "a")),
      .failed(DeploymentFailed(durationMs: 1, release: 1, outcome: .held, reason: "a")),
    ] as [DeploymentEvent])
  func `every end is an end`(end: DeploymentEvent) {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.say(1, end)

    #expect(story.fold(Deployments.self).byID[Story.deployment(1)]?.isOpen == false)
  }

  @Test(
    arguments: [
      .stepStarted(DeploymentStepStarted(step: 1, action: .shiftTraffic, slots: [])),
      .stepFinished(DeploymentStepFinished(step: 1, outcome: .done, durationMs: 1)),
      .judged(
        DeploymentJudged(decision: .proceed, verdict: .healthy, reason: "a", phase: "verify")),
      .replicaExited(
        DeploymentReplicaExited(
          slot: ReplicaSlot(component: "orchestrator", generation: .new, replica: 1),
          instance: "a")),
    ] as [DeploymentEvent])
  func `a step on the way ends nothing`(step: DeploymentEvent) {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.say(1, step)

    #expect(story.fold(Deployments.self).open(in: Story.place)?.last == 1)
    #expect(story.fold(Releases.self).latest(in: Story.place)?.outcome == .running)
    #expect(story.fold(RunningReleases.self).running(in: Story.place) == nil)
  }

  @Test func `probes for a deployment are counted`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.probe("a", .pass, for: 1)
    story.probe("a", .fail, for: 1)
    story.probe("a", .pass, for: 1)
    story.probe("a", .pass)
    story.probe("a", .pass, for: 2)

    let deployment = story.fold(Deployments.self).byID[Story.deployment(1)]
    #expect(deployment?.passes == 2)
    #expect(deployment?.failures == 1)
    #expect(deployment?.last == 3)
  }

  private func take(_ story: inout Story, until: Timestamp) {
    story.record(
      (
        .lease(
          .taken(
            LeaseTaken(
              deployment: Story.deployment(1), owner: Story.person,
              process: ReplicaProcess(pid: 7, startTicks: 8), until: until))),
        "lease/tamma.production"
      ))
  }

  @Test func `a lease is held until its moment`() {
    var story = Story()
    take(&story, until: Story.time(10))

    let lease = story.fold(Leases.self).lease(in: Story.place)
    #expect(lease?.deployment == Story.deployment(1))
    #expect(lease?.owner == Story.person)
    #expect(lease?.process.pid == 7)
    #expect(lease?.isHeld(at: Story.time(9)) == true)
    #expect(lease?.isHeld(at: Story.time(10)) == false)
    #expect(story.fold(Leases.self).lease(in: Story.staging) == nil)
  }

  @Test func `a lease is renewed and released, and its versions counted`() {
    var story = Story()
    take(&story, until: Story.time(10))
    story.record(
      (.lease(.renewed(LeaseRenewed(until: Story.time(20)))), "lease/tamma.production"))
    #expect(story.fold(Leases.self).lease(in: Story.place)?.until == Story.time(20))

    story.record((.lease(.released(LeaseReleased())), "lease/tamma.production"))
    #expect(story.fold(Leases.self).lease(in: Story.place) == nil)
    #expect(story.fold(Leases.self).version(in: Story.place) == 3)
    #expect(story.fold(Leases.self).version(in: Story.staging) == 0)
  }
}
