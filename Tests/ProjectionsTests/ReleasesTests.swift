import CanonicalJSON
import Events
import Projections
import Testing

/// The numbered releases of a place, what became of them, and which of them somebody means.
@Suite struct ReleasesTests {
  @Test func `every alteration takes the next number, failed ones included`() {
    let releases = Story.rolledBack.fold(Releases.self)

    let all = releases.all(in: Story.place)
    #expect(all.map(\.number) == [1, 2, 3, 4, 5])
    #expect(
      all.map(\.outcome) == [.pending, .succeeded, .succeeded, .rolledBack, .succeeded])
    #expect(
      all.map(\.cause) == [.configuration, .deployment, .deployment, .deployment, .rollback])
    #expect(releases.latest(in: Story.place)?.number == 5)
    #expect(releases.places == [Story.place])
  }

  @Test func `a release knows what it runs, its deployment and when it ended`() {
    let releases = Story.rolledBack.fold(Releases.self)

    let third = releases.number(3, in: Story.place)
    #expect(third?.build == Story.build2)
    #expect(third?.configurationVersion == 1)
    #expect(third?.deployment == Story.deployment(2))
    #expect(third?.position == 3)
    #expect(third?.recorded == Story.time(3))
    #expect(third?.ended == Story.time(4))
    #expect(third?.actor == Story.person)
  }

  @Test func `a way back has a number of its own and runs what it restores`() {
    let releases = Story.rolledBack.fold(Releases.self)

    let back = releases.number(5, in: Story.place)
    #expect(back?.restores == 3)
    #expect(back?.build == Story.build2)
    #expect(back?.configurationVersion == 1)
    #expect(releases.deployment(of: 4, in: Story.place) == Story.deployment(3))
    #expect(releases.deployment(of: 5, in: Story.place) == Story.deployment(3))
    #expect(releases.deployment(of: 1, in: Story.place) == nil)
  }

  @Test(arguments: [
    (DeploymentFailure.held, Releases.Outcome.held), (.stopped, .stopped), (.aborted, .aborted),
  ])
  func `a failure without a way back is told apart`(
    failure: DeploymentFailure, outcome: Releases.Outcome
  ) {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    #expect(story.fold(Releases.self).latest(in: Story.place)?.outcome == .running)
    story.fail(1, release: 1, failure)

    let release = story.fold(Releases.self).latest(in: Story.place)
    #expect(release?.outcome == outcome)
    #expect(release?.outcome.isGood == false)
    #expect(release?.ended == Story.time(1))
  }

  @Test func `a way back that fails leaves two failed releases`() {
    var story = Story()
    story.start(1, Story.plan(Story.build1, release: 1))
    story.succeed(1, release: 1)
    story.start(2, Story.plan(Story.build2, release: 2))
    story.goBack(2, to: 1, release: 3)
    story.say(
      2,
      .rollbackFailed(
        DeploymentRollbackFailed(durationMs: 1, release: 3, restores: 1, reason: "no port")))

    #expect(
      story.fold(Releases.self).all(in: Story.place).map(\.outcome)
        == [.succeeded, .rollbackFailed, .rollbackFailed])
  }

  @Test func `an end without a readable start counts for the number that it names`() {
    var story = Story()
    let fault = FormFault.field(path: "limits", expected: "present")
    story.record(
      (
        .unreadable(kind: "deployment.started.v1", fault: fault),
        .deployment(Story.deployment(1))
      ),
      (
        .release(ReleaseStarted(cause: .deployment, build: Story.build1)),
        "release/tamma.production"
      ))
    story.succeed(1, release: 1)

    let release = story.fold(Releases.self).latest(in: Story.place)
    #expect(release?.outcome == .succeeded)
    #expect(release?.build == Story.build1)
  }

  @Test func `the release may stand before what it belongs to`() {
    var story = Story()
    story.record(
      (.release(ReleaseStarted(cause: .deployment)), "release/tamma.production"),
      (
        .deployment(.started(Story.plan(Story.build1, release: 1, configuration: 7))),
        .deployment(Story.deployment(1))
      ))

    let release = story.fold(Releases.self).latest(in: Story.place)
    #expect(release?.build == Story.build1)
    #expect(release?.configurationVersion == 7)
    #expect(release?.deployment == Story.deployment(1))
  }

  @Test func `a rollback goes to the newest good release that would run something else`() {
    var story = Story.rolledBack
    #expect(story.fold(Releases.self).rollbackTarget(in: Story.place)?.number == 2)

    story.start(4, Story.plan(Story.build1, release: 6, restores: 2))
    story.succeed(4, release: 6)
    let releases = story.fold(Releases.self)
    #expect(releases.origin(of: releases.all(in: Story.place)[5], in: Story.place).number == 2)
    #expect(releases.rollbackTarget(in: Story.place) == nil)
  }

  @Test func `going back twice goes back two, and never forward again`() {
    var story = Story()
    for (number, build) in [(1, Story.build1), (2, Story.build2), (3, Story.build3)] {
      story.start(UInt8(number), Story.plan(build, release: number))
      story.succeed(UInt8(number), release: number)
    }
    #expect(story.fold(Releases.self).rollbackTarget(in: Story.place)?.number == 2)

    story.start(4, Story.plan(Story.build2, release: 4, restores: 2))
    story.succeed(4, release: 4)
    #expect(story.fold(Releases.self).rollbackTarget(in: Story.place)?.number == 1)
  }

  @Test func `the same build deployed again is no place to go back to`() {
    var story = Story()
    for (number, build) in [(1, Story.build1), (2, Story.build2), (3, Story.build2)] {
      story.start(UInt8(number), Story.plan(build, release: number))
      story.succeed(UInt8(number), release: number)
    }

    #expect(story.fold(Releases.self).rollbackTarget(in: Story.place)?.number == 1)
  }

  @Test func `after a release that was held, a rollback goes to the last good one`() {
    var story = Story.rolledBack
    story.start(4, Story.plan(Story.build3, release: 6))
    story.fail(4, release: 6, .held)
    story.apply(Story.build2)

    #expect(story.fold(Releases.self).rollbackTarget(in: Story.place)?.number == 5)
  }

  @Test func `where nothing was deployed there is nothing to go back to`() {
    var story = Story()
    #expect(story.fold(Releases.self).rollbackTarget(in: Story.place) == nil)
    story.apply(Story.build1)
    #expect(story.fold(Releases.self).rollbackTarget(in: Story.place) == nil)
    #expect(story.fold(Releases.self).lastGood(in: Story.place) == nil)
  }

  @Test func `what ran at a time is the good release that had ended its deployment`() {
    let releases = Story.rolledBack.fold(Releases.self)

    #expect(releases.running(in: Story.place, at: Story.time(1)) == nil)
    #expect(releases.running(in: Story.place, at: Story.time(2))?.number == 2)
    #expect(releases.running(in: Story.place, at: Story.time(6))?.number == 3)
    #expect(releases.running(in: Story.place, at: Story.time(7))?.number == 5)
  }

  @Test func `a number outside the list names nothing`() {
    let releases = Story.rolledBack.fold(Releases.self)

    #expect(releases.number(0, in: Story.place) == nil)
    #expect(releases.number(6, in: Story.place) == nil)
    #expect(releases.number(1, in: Story.staging) == nil)
  }
}
