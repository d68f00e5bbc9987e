import CanonicalJSON
import Events
import Projections
import Testing

/// Builds that can be deployed and configurations that are wanted.
@Suite struct WantedTests {
  private func record(_ story: inout Story, _ digest: ContentDigest, commit: MachineWords) {
    let build = BuildRecorded(
      build: digest, change: Change(commit: commit),
      components: [BuildComponent(artifact: digest, name: "workers", sizeBytes: 12)])
    story.record((.build(build), "build/tamma"), scope: Scope(application: "tamma"))
  }

  @Test func `a build is found by its digest, from the change it was recorded of last`() {
    var story = Story()
    record(&story, Story.build2, commit: "a")
    record(&story, Story.build1, commit: "b")
    record(&story, Story.build2, commit: "c")

    let builds = story.fold(Builds.self)
    #expect(builds.all.map(\.digest) == [Story.build1, Story.build2])
    let build = builds[Story.build2]
    #expect(build?.change.commit == "c")
    #expect(build?.components.map(\.name) == ["workers"])
    #expect(build?.application == "tamma")
    #expect(build?.position == 2)
    #expect(build?.recorded == Story.time(2))
    #expect(build?.actor == Story.person)
    #expect(builds[Story.build3] == nil)
  }

  @Test func `a build is found by the first digits of its digest`() {
    var story = Story()
    record(&story, Story.build1, commit: "a")
    record(&story, Story.build2, commit: "b")

    let builds = story.fold(Builds.self)
    #expect(builds.builds(of: "tamma", startingWith: "0").count == 2)
    #expect(builds.builds(of: "tamma", startingWith: "0101").map(\.digest) == [Story.build1])
    #expect(builds.builds(of: "other", startingWith: "0").isEmpty)
  }

  @Test func `a build of no application is nobody's`() {
    var story = Story()
    let build = BuildRecorded(build: Story.build1, change: Change(), components: [])
    story.record((.build(build), "build/tamma"), scope: Scope())

    #expect(story.fold(Builds.self).all.isEmpty)
  }

  @Test func `every configuration is kept by its version`() {
    var story = Story()
    story.apply(Story.build1)
    story.apply(Story.build2, at: Story.staging)
    story.apply(Story.build3)

    let configurations = story.fold(Configurations.self)
    #expect(configurations.all(in: Story.place).map(\.version) == [1, 2])
    let latest = configurations.latest(in: Story.place)
    #expect(latest?.digest == Story.build3)
    #expect(latest?.configuration == ["replicas": 2])
    #expect(latest?.difference.map(\.path) == ["replicas"])
    #expect(latest?.position == 2)
    #expect(latest?.recorded == Story.time(2))
    #expect(latest?.actor == Story.person)
    #expect(configurations.version(1, in: Story.place)?.digest == Story.build1)
    #expect(configurations.version(3, in: Story.place) == nil)
    #expect(configurations.version(1, in: Place("other", "production")) == nil)
  }

  @Test func `a configuration is pending until a release runs with it`() {
    var story = Story()
    story.apply(Story.build1)
    #expect(story.fold(LedgerState.self).pendingConfiguration(in: Story.place)?.version == 1)

    story.start(1, Story.plan(Story.build1, release: 2, configuration: 1))
    #expect(story.fold(LedgerState.self).pendingConfiguration(in: Story.place)?.version == 1)
    story.succeed(1, release: 2)
    #expect(story.fold(LedgerState.self).pendingConfiguration(in: Story.place) == nil)

    story.apply(Story.build2)
    #expect(story.fold(LedgerState.self).pendingConfiguration(in: Story.place)?.version == 2)
    #expect(story.fold(LedgerState.self).pendingConfiguration(in: Story.staging) == nil)
  }

  @Test func `a place has one text`() throws {
    #expect(Story.place.description == "tamma.production")
    #expect(Place(dataText: "tamma.production") == Story.place)
    #expect(Place(dataText: "tamma") == nil)
    #expect(Place(dataText: "tamma.Production") == nil)
    #expect(Story.place < Story.staging)
  }
}
