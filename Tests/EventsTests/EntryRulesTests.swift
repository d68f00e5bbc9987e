import CanonicalJSON
import Events
import Testing

/// The rules about one entry that need no state, beyond the golden refusals.
@Suite struct EntryRulesTests {
  let started = Sample.run("deployment.started.v1", .deployment(Sample.deployment))
  let release = Sample.run("release.started.v1", "release/tamma.production")

  @Test func `an entry holds 1,000 events, in however many runs`() throws {
    let full = Sample.header([
      Sample.run("health.checked.v1", "health/tamma.production", count: 999),
      Sample.run("health.changed.v1", "health/tamma.production", version: 1_000),
    ])
    let over = Sample.header([
      Sample.run("health.checked.v1", "health/tamma.production", count: 1_000),
      Sample.run("health.changed.v1", "health/tamma.production", version: 1_001),
    ])

    #expect(try EntryRules.checkRuns(of: full) == .telemetry)
    #expect(throws: EntryFormError.tooManyEvents(count: 1_001)) {
      try EntryRules.checkRuns(of: over)
    }
  }

  @Test(arguments: [
    "configuration.applied.v1", "deployment.started.v1", "deployment.rollback_started.v1",
  ])
  func `what alters an environment takes one release number`(kind: EventKind) throws {
    let stream: StreamName =
      kind.family == "deployment"
      ? .deployment(Sample.deployment) : "configuration/tamma.production"
    let altering = Sample.run(kind, stream)

    #expect(try EntryRules.checkRuns(of: Sample.header([altering, release])) == .permanent)
    #expect(throws: EntryFormError.releaseNumber(alters: true, count: 0)) {
      try EntryRules.checkRuns(of: Sample.header([altering]))
    }
    let two = Sample.run("release.started.v1", "release/tamma.production", count: 2)
    #expect(throws: EntryFormError.releaseNumber(alters: true, count: 2)) {
      try EntryRules.checkRuns(of: Sample.header([altering, two]))
    }
  }

  @Test func `nothing else takes a release number`() {
    #expect(throws: EntryFormError.releaseNumber(alters: false, count: 1)) {
      try EntryRules.checkRuns(of: Sample.header([release]))
    }
  }

  @Test(
    arguments: [
      ("health.checked.v1", "health/tamma.staging", Sample.place),
      ("health.checked.v1", "health/tamma.production", Scope(application: "tamma")),
      ("build.recorded.v1", "build/tamma", Sample.place),
      ("build.recorded.v1", "build/other", Scope(application: "tamma")),
      ("access.decided.v1", "access/0", Scope(environment: "production")),
      ("access.decided.v1", "access/production", Scope()),
      ("approval.given.v1", "approval/production", Sample.place),
      ("ledger.created.v1", "ledger/other", Scope()),
      ("key.registered.v1", "key/main", Scope()),
      ("access.granted.v1", "grant/main", Scope()),
      ("deployment.judged.v1", "deployment/main", Sample.place),
      ("deployment.judged.v1", "deployment/01a2ce8b-d018-4508-a730-b4ddeb3c3012", Sample.place),
    ] as [(EventKind, StreamName, Scope)])
  func `a stream belongs to its kind and to the event's scope`(
    kind: EventKind, stream: StreamName, scope: Scope
  ) {
    #expect(throws: EntryFormError.streamName(kind: kind, stream: stream, scope: scope)) {
      try EntryRules.checkRuns(of: Sample.header([Sample.run(kind, stream, scope: scope)]))
    }
  }

  @Test(
    arguments: [
      ("build.recorded.v1", "build/tamma", Scope(application: "tamma")),
      ("access.decided.v1", "access/0", Scope()),
      ("access.decided.v1", "access/production", Scope(environment: "production")),
      ("approval.given.v1", "approval/production", Scope(environment: "production")),
      ("privacy.erased.v1", .privacy(Sample.actor), Scope()),
    ] as [(EventKind, StreamName, Scope)])
  func `a stream of the right shape is accepted`(
    kind: EventKind, stream: StreamName, scope: Scope
  ) throws {
    try EntryRules.checkRuns(of: Sample.header([Sample.run(kind, stream, scope: scope)]))
  }

  @Test func `clocks may lie 15 minutes apart, either way`() throws {
    let header = Sample.header([started, release])
    let limit = 15 * 60 * 1_000

    try EntryRules.checkClock(of: header, recorded: Sample.noon.adding(milliseconds: limit))
    try EntryRules.checkClock(of: header, recorded: Sample.noon.adding(milliseconds: -limit))
    for milliseconds in [limit + 1, -limit - 1] {
      let recorded = Sample.noon.adding(milliseconds: milliseconds)
      #expect(throws: EntryFormError.clockSkew(at: Sample.noon, recorded: recorded)) {
        try EntryRules.checkClock(of: header, recorded: recorded)
      }
    }
  }

  @Test func `an import may be late, and not early`() throws {
    let late = Sample.header([Sample.run("cost.imported.v1", "cost/tamma.production")])
    let early = Sample.noon.adding(milliseconds: -15 * 60 * 1_000 - 1)

    try EntryRules.checkClock(of: late, recorded: .latest)
    #expect(throws: EntryFormError.clockSkew(at: Sample.noon, recorded: early)) {
      try EntryRules.checkClock(of: late, recorded: early)
    }
  }

  @Test func `a decision names the streams it was made on, or writes them`() throws {
    let access: [StreamName: Int] = ["access/production": 1, .grant(Sample.actor): 1]
    let missing = Sample.header([started, release], expects: access)
    let complete = Sample.header(
      [started, release], expects: access.merging(["configuration/tamma.production": 0]) { $1 })

    try EntryRules.checkExpectations(of: complete)
    #expect(
      throws: EntryFormError.expectsMissing(kind: started.kind, prefix: "configuration")
    ) { try EntryRules.checkExpectations(of: missing) }
    let written = Sample.header(
      [started, release, Sample.run("configuration.applied.v1", "configuration/tamma.production")],
      expects: access)
    try EntryRules.checkExpectations(of: written)
  }
}
