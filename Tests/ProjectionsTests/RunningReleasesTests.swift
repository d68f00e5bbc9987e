import Events
import Projections
import Testing

/// What runs where, and how sure the ledger is.
@Suite struct RunningReleasesTests {
  @Test func `a release runs from the end of its deployment`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1, configuration: 4))
    #expect(story.fold(RunningReleases.self).running(in: Story.place) == nil)
    story.succeed(1, release: 1)

    let answer = story.fold(RunningReleases.self)
    let running = answer.running(in: Story.place)
    #expect(running?.release == 1)
    #expect(running?.build == Story.build1)
    #expect(running?.configurationVersion == 4)
    #expect(running?.components.map(\.replicas) == [2])
    #expect(running?.deployment == Story.deployment(1))
    #expect(running?.position == 1)
    #expect(running?.since == Story.time(1))
    #expect(running?.certainty == .proven)
    #expect(answer.places == [Story.place])
  }

  @Test func `a way back runs what ran before, under its own number`() {
    let running = Story.rolledBack.fold(RunningReleases.self).running(in: Story.place)

    #expect(running?.release == 5)
    #expect(running?.build == Story.build2)
    #expect(running?.certainty == .proven)
  }

  @Test(arguments: [DeploymentFailure.held, .aborted])
  func `a rollout that ended on the way leaves a mixture`(failure: DeploymentFailure) {
    var story = Story.rolledBack
    story.start(
      4,
      Story.plan(
        Story.build3, release: 6, predecessor: Story.predecessor(Story.build2, release: 5)))
    story.fail(4, release: 6, failure)

    let running = story.fold(RunningReleases.self).running(in: Story.place)
    #expect(running?.release == 5)
    #expect(running?.build == Story.build2)
    #expect(running?.certainty == .mixed)
  }

  @Test func `a first deployment that was held leaves nothing that counts as running`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.fail(1, release: 1, .held)

    #expect(story.fold(RunningReleases.self).running(in: Story.place) == nil)
  }

  @Test func `a deployment that was stopped leaves nothing`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.fail(1, release: 1, .stopped)

    #expect(story.fold(RunningReleases.self).places == [])
  }

  @Test func `a way back that failed leaves nobody sure`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.succeed(1, release: 1)
    story.start(
      2,
      Story.plan(
        Story.build2, release: 2, predecessor: Story.predecessor(Story.build1, release: 1)))
    story.goBack(2, to: 1, release: 3)
    story.say(
      2,
      .rollbackFailed(
        DeploymentRollbackFailed(durationMs: 1, release: 3, restores: 1, reason: "no port")))

    let running = story.fold(RunningReleases.self).running(in: Story.place)
    #expect(running?.certainty == .unknown)
    #expect(running?.release == 3)
    #expect(running?.build == Story.build1)
  }

  @Test func `an end without a known start changes nothing`() {
    var story = Story.rolledBack
    story.succeed(9, release: 5)
    story.say(
      9,
      .rolledBack(DeploymentRolledBack(durationMs: 1, release: 6, restored: 5, reason: "odd")))

    #expect(story.fold(RunningReleases.self).running(in: Story.place)?.release == 5)
  }
}
