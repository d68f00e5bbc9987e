import CanonicalJSON
import Events
import Projections

/// A ledger's events as a test tells them: entries in order, versions counted, time going on by a
/// second.
struct Story {
  static let place = Place("tamma", "production")
  static let staging = Place("tamma", "staging")
  static let person = ActorID.make(at: .earliest, random: [UInt8](repeating: 1, count: 10))
  static let build1 = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 1, count: 32)))
  static let build2 = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 2, count: 32)))
  static let build3 = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 3, count: 32)))

  private(set) var entries: [[Recorded]] = []
  private var versions: [StreamName: Int] = [:]

  var events: [Recorded] { entries.flatMap { $0 } }

  /// When the entry at `position` is recorded.
  static func time(_ position: Int) -> Timestamp {
    .earliest.adding(milliseconds: position * 1_000)
  }

  static func deployment(_ number: UInt8) -> DeploymentID {
    .make(at: .earliest, random: [UInt8](repeating: number, count: 10))
  }

  /// Records one entry.
  mutating func record(
    _ events: (LedgerEvent, StreamName)..., scope: Scope = place.scope, by actor: ActorID = person,
    behalf: Behalf? = nil
  ) {
    let position = entries.count
    let recorded = events.enumerated().map { index, event in
      versions[event.1, default: 0] += 1
      return Recorded(
        position: position, index: index, recorded: Self.time(position),
        entry: .make(at: Self.time(position), random: [UInt8](repeating: 9, count: 10)),
        actor: actor, behalf: behalf, scope: scope, stream: event.1,
        version: versions[event.1, default: 0], event: event.0)
    }
    entries.append(recorded)
  }

  func fold<Answer: Projection>(_: Answer.Type = Answer.self) -> Answer {
    var answer = Answer()
    for event in events { answer.apply(event) }
    return answer
  }
}

// MARK: What happens

extension Story {
  /// A configuration is wanted; takes the next number.
  mutating func apply(_ digest: ContentDigest, at place: Place = place) {
    let applied = ConfigurationApplied(
      configuration: ["replicas": 2], digest: digest,
      difference: [FieldDifference(path: "replicas", before: nil, after: 2)])
    record(
      (.configuration(applied), .configuration(place.application, place.environment)),
      (
        .release(ReleaseStarted(cause: .configuration)),
        .release(place.application, place.environment)
      ), scope: place.scope)
  }

  static func plan(
    _ build: ContentDigest, release: Int, predecessor: DeploymentPredecessor? = nil,
    configuration: Int = 1, restores: Int? = nil
  ) -> DeploymentStarted {
    DeploymentStarted(
      build: build, cause: restores == nil ? .deployment : .rollback, change: Change(),
      components: [component(build)], configurationVersion: configuration,
      limits: DeploymentLimits(
        bakeMs: 1, drainMs: 1, healthyThreshold: 1, probeIntervalMs: 1, probeTimeoutMs: 1,
        progressDeadlineMs: 1, startupDeadlineMs: 1, stopGraceMs: 1, surge: 1,
        unhealthyThreshold: 1),
      predecessor: predecessor, release: release, restores: restores,
      rollback: DeploymentRollback(automatic: true, enabled: true), skipsWaits: false,
      strategy: .blueGreen)
  }

  static func component(_ build: ContentDigest) -> DeploymentComponent {
    DeploymentComponent(
      artifact: build, health: .http, name: "orchestrator", replicas: 2, takesTraffic: true)
  }

  static func predecessor(_ build: ContentDigest, release: Int) -> DeploymentPredecessor {
    DeploymentPredecessor(
      build: build, components: [component(build)], configurationVersion: 1, release: release,
      running: [])
  }

  /// A deployment starts; takes the next number, which the plan names.
  mutating func start(_ number: UInt8, _ plan: DeploymentStarted, at place: Place = place) {
    record(
      (.deployment(.started(plan)), .deployment(Self.deployment(number))),
      (
        .release(
          ReleaseStarted(cause: plan.cause, build: plan.build, restores: plan.restores)),
        .release(place.application, place.environment)
      ), scope: place.scope)
  }

  mutating func say(_ number: UInt8, _ event: DeploymentEvent, at place: Place = place) {
    record((.deployment(event), .deployment(Self.deployment(number))), scope: place.scope)
  }

  mutating func succeed(_ number: UInt8, release: Int) {
    say(number, .succeeded(DeploymentSucceeded(durationMs: 1, release: release)))
  }

  mutating func fail(_ number: UInt8, release: Int, _ outcome: DeploymentFailure) {
    say(
      number,
      .failed(
        DeploymentFailed(durationMs: 1, release: release, outcome: outcome, reason: "deadline")))
  }

  /// A deployment goes back by itself; takes the next number, `release`.
  mutating func goBack(_ number: UInt8, to restored: Int, release: Int) {
    let back = DeploymentRollbackStarted(restores: restored, release: release, reason: "3 failures")
    record(
      (.deployment(.rollbackStarted(back)), .deployment(Self.deployment(number))),
      (
        .release(ReleaseStarted(cause: .rollback, restores: restored)),
        "release/tamma.production"
      ))
  }

  mutating func probe(
    _ instance: InstanceName, _ verdict: ProbeVerdict, for number: UInt8? = nil,
    component: ComponentName = "orchestrator", reason: MachineWords? = nil
  ) {
    let check = HealthChecked(
      component: component, instance: instance, latencyUs: 1_200, status: 200, verdict: verdict,
      reason: reason, deployment: number.map(Self.deployment))
    record((.health(.checked(check)), "health/tamma.production"))
  }

  /// Two good releases, then one that went back by itself: releases 1 to 5, of which 1 is a
  /// configuration, 2 and 3 are good, 4 failed, and 5 restores 3.
  static var rolledBack: Story {
    var story = Story()
    story.apply(build1)
    story.start(1, plan(build1, release: 2))
    story.succeed(1, release: 2)
    story.start(2, plan(build2, release: 3, predecessor: predecessor(build1, release: 2)))
    story.succeed(2, release: 3)
    story.start(3, plan(build3, release: 4, predecessor: predecessor(build2, release: 3)))
    story.goBack(3, to: 3, release: 5)
    story.say(
      3,
      .rolledBack(
        DeploymentRolledBack(durationMs: 1, release: 5, restored: 3, reason: "3 failures")))
    return story
  }
}
