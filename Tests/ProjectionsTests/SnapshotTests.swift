import CanonicalJSON
import Events
import Projections
import Testing

/// What a snapshot must be to be taken up again.
@Suite struct SnapshotTests {
  /// A snapshot with something of every projection, and one text in it replaced.
  private func changed(_ find: String, _ replace: String) throws -> JSONValue {
    var story = Story.rolledBack
    story.start(4, Story.plan(Story.build3, release: 6))
    story.probe("a", .pass)
    let text = try story.fold(LedgerState.self).snapshot.canonicalText()
    let parts = text.split(separator: find, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(parts.count == 2, "\(find) is not in \(text)")
    return try JSONValue(parsing: "\(parts[0])\(replace)\(parts[1])")
  }

  @Test(arguments: [
    (#""key":"tamma.production""#, #""key":"tamma""#), (#""outcome":"pending""#, #""outcome":"x""#),
    (#""state":"healthy""#, #""state":"well""#), (#""unreadable":0"#, #""unreadable":-1"#),
    (#""certainty":"proven""#, #""certainty":"hoped""#),
    (#"{\"after\":2"#, #"{\"aftermath\":2"#), (#""waysBack":[]"#, #""waysBack":{}"#),
  ])
  func `a damaged snapshot is refused, and the ledger folded again`(
    find: String, replace: String
  ) throws {
    let snapshot = try changed(find, replace)

    #expect(throws: FormFault.self) { try LedgerState(snapshot: snapshot) }
  }

  @Test func `a snapshot is canonical JSON however deep its events are`() throws {
    var deep: JSONValue = ["leaf": 1]
    for _ in 0..<10 { deep = ["nested": deep] }
    var story = Story()
    let applied = ConfigurationApplied(
      configuration: ["deep": deep], digest: Story.build1, difference: [])
    story.record((.configuration(applied), "configuration/tamma.production"))
    let state = story.fold(LedgerState.self)

    let bytes = try state.snapshot.canonicalBytes()
    #expect(try LedgerState(snapshot: JSONValue(parsing: bytes)) == state)
  }

  @Test func `every projection has a name of its own`() {
    let names = [
      Keys.name, Grants.name, AccessDecisions.name, Builds.name, Configurations.name,
      Releases.name, RunningReleases.name, Deployments.name, Leases.name, HealthStates.name,
      LedgerState.name,
    ]

    #expect(Set(names).count == names.count)
  }

  @Test func `a thousand instances are told apart, probe by probe`() throws {
    var ledger = StoredLedger()
    for round in 0..<2 {
      let probes = (0..<1_000).map { number in
        DraftEvent(
          HealthChecked(
            component: "orchestrator", instance: InstanceName(stringLiteral: "i-\(number)"),
            latencyUs: number, verdict: number % 3 == round ? .fail : .pass),
          in: "health/tamma.production", scope: Story.place.scope)
      }
      try ledger.record(EntryDraft(probes))
    }

    let state = try ledger.replayed()
    let instances = state.health.instances(in: Story.place)
    #expect(instances.count == 1_000)
    #expect(instances["i-999"]?.latencyUs == 999)
    #expect(instances["i-1"]?.state == .unhealthy)
    #expect(instances["i-2"]?.streak == 2)
    #expect(try ledger.readProperly() == state)
    #expect(state.hashValue == (try ledger.readProperly()).hashValue)
  }
}
