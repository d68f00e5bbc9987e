import CanonicalJSON
import Events
import Projections

/// Ledgers that nobody thought of: entries of every family in random order, from a seed.
struct RandomLedger {
  var random: SplitMix
  var ledger = StoredLedger()
  private var releases = 0
  private var deployments: UInt8 = 0
  var open: [(number: UInt8, release: Int)] = []

  static func make(seed: UInt64, entries: Int) throws -> StoredLedger {
    var maker = RandomLedger(random: SplitMix(state: seed))
    for _ in 0..<entries { try maker.step() }
    return maker.ledger
  }

  private init(random: SplitMix) { self.random = random }

  private mutating func step() throws {
    switch random.below(16) {
    case 0...4: try probe()
    case 5: try observe()
    case 6: try govern()
    case 7: try want()
    case 8: try start()
    case 9: try end()
    case 10: try lease()
    case 11...12: try goOn()
    case 13...14: try passBy()
    default: try oddities()
    }
  }

  mutating func instance() -> InstanceName {
    InstanceName(stringLiteral: "orchestrator-\(random.below(5))")
  }

  private mutating func probe() throws {
    var events: [DraftEvent] = []
    for _ in 0...random.below(6) {
      let verdict: ProbeVerdict = random.below(4) == 0 ? .fail : .pass
      let check = HealthChecked(
        component: random.below(9) == 0 ? "workers" : "orchestrator", instance: instance(),
        latencyUs: random.below(5_000), status: random.below(2) == 0 ? nil : 200,
        verdict: verdict, reason: reason(verdict),
        deployment: open.first.map { Story.deployment($0.number) })
      let place = random.below(3) == 0 ? Story.staging : Story.place
      events.append(
        DraftEvent(
          check, in: .health(place.application, place.environment), scope: place.scope))
    }
    let scope = events[0].scope
    try ledger.record(
      EntryDraft(events.filter { $0.scope == scope }, because: random.below(2) == 0 ? [] : causes),
      behalf: random.below(5) == 0 ? behalf : nil)
  }

  private mutating func reason(_ verdict: ProbeVerdict) -> MachineWords? {
    switch (verdict, random.below(3)) {
    case (.pass, _): nil
    case (.fail, 0): "status 503, \"busy\""
    case (.fail, 1): "connection refused"
    case (.fail, _): nil
    }
  }

  private var causes: [EntryID] {
    (1...3).map { .make(at: Story.time($0), random: [UInt8](repeating: 9, count: 10)) }
  }

  private var behalf: Behalf {
    Behalf(actor: Story.person, evidence: Digest(bytes: [UInt8](repeating: 6, count: 32)))
  }

  private mutating func observe() throws {
    switch random.below(4) {
    case 0:
      try ledger.record(
        HealthChanged(
          component: "orchestrator", instance: instance(), from: .unknown, to: .unhealthy,
          reason: "3 failures"), in: "health/tamma.production")
    case 1:
      try ledger.record(
        HealthSummarized(
          component: "orchestrator", instance: instance(), windowMs: 1, passes: 3,
          failures: random.below(2), latencyUsMax: 1, latencyUsMedian: 1),
        in: "health/tamma.production")
    case 2:
      try ledger.record(
        ReplicaExited(component: "orchestrator", instance: instance(), pid: 1, signal: 9),
        in: "replica/tamma.production")
    default:
      try ledger.record(
        UsageSampled(
          component: "orchestrator", instance: instance(), numbers: ["cpuMs": 1], windowMs: 1),
        in: "usage/tamma.production")
    }
  }

  private var issuer: MachineWords { "https://forge.example" }

  private mutating func govern() throws {
    let keyid = Digest(bytes: [UInt8](repeating: UInt8(random.below(3)), count: 32))
    switch random.below(14) {
    case 0:
      let spki = PublicKeyBytes(spki: KeyAlgorithm.ed25519.spkiPrefix + keyid.bytes)
      try ledger.record(
        KeyRegistered(key: spki, owner: Story.person, role: .actor), in: .key(keyid),
        scope: Scope())
    case 1:
      try ledger.record(
        KeyRevoked(reason: "lost", suspectFrom: 0), in: .key(keyid), scope: Scope())
    case 2:
      try ledger.record(
        AccessGranted(
          actor: Story.person, applications: .all, environments: .only(["staging"]),
          role: .deployer, until: Story.time(5)), in: .grant(Story.person), scope: Scope())
    case 3:
      try ledger.record(
        AccessWithdrawn(actor: Story.person), in: .grant(Story.person), scope: Scope())
    case 4:
      try ledger.record(
        AccessSuspended(
          actor: Story.person, applications: .all, environments: .only(["staging"])),
        in: .grant(Story.person), scope: Scope())
    case 5:
      try ledger.record(
        AccessReinstated(actor: Story.person), in: .grant(Story.person), scope: Scope())
    case 6:
      try ledger.record(
        AccessReviewed(
          actor: Story.person, grant: 1 + random.below(9),
          finding: random.below(3) == 0 ? .withdrawn : .kept,
          rationale: Sealed(commitment: keyid, subject: Story.person)),
        in: .grant(Story.person), scope: Scope())
    case 7:
      try ledger.record(
        AccessIssuerAdded(
          issuer: issuer, audience: "stele",
          keys: [
            IssuerKey(
              algorithm: .edDSA, key: PublicKeyBytes(spki: keyid.bytes),
              kid: MachineWords("\(random.below(2))"))
          ]), in: .issuers, scope: Scope())
    case 8:
      try ledger.record(AccessIssuerRemoved(issuer: issuer), in: .issuers, scope: Scope())
    case 9:
      try ledger.record(
        AccessIdentityAdded(
          actor: Story.person, issuer: issuer, claims: [TokenClaim(name: "sub", value: "a")]),
        in: .grant(Story.person), scope: Scope())
    case 10:
      try ledger.record(
        AccessIdentityRemoved(actor: Story.person, identity: 1 + random.below(9)),
        in: .grant(Story.person), scope: Scope())
    case 11:
      try ledger.record(
        AccessAttested(
          actor: Story.person, identity: 1 + random.below(9), evidence: keyid, issuer: issuer,
          audience: "stele", kid: "0", jti: nil, issued: Story.time(1),
          expires: Story.time(random.below(2)), claims: [TokenClaim(name: "sub", value: "a")]),
        in: .attestation(Story.person), scope: Scope())
    case 12:
      try ledger.record(
        PolicyAdopted(contents: ["production": ["rules": []]], policy: .init(sha256: keyid)),
        in: .policies, scope: Scope())
    default:
      try ledger.record(
        AccessDecided(
          action: "deployment.start", actor: Story.person, application: nil, decision: .deny,
          reasons: ["noGrant"]), in: .access(nil), scope: Scope())
    }
  }

  private mutating func want() throws {
    if random.below(2) == 0 {
      try ledger.record(
        BuildRecorded(build: Story.build1, change: Change(ticket: "OPS-1"), components: []),
        in: "build/tamma", scope: Scope(application: "tamma"))
      return
    }
    releases += 1
    let applied = ConfigurationApplied(
      configuration: ["variables": [["name": "é", "value": nil]]], digest: Story.build2,
      difference: [])
    try ledger.record(
      EntryDraft([
        DraftEvent(applied, in: "configuration/tamma.production", scope: Story.place.scope),
        release(ReleaseStarted(cause: .configuration)),
      ]))
  }

  private func release(_ started: ReleaseStarted) -> DraftEvent {
    DraftEvent(started, in: "release/tamma.production", scope: Story.place.scope)
  }

  mutating func start() throws {
    releases += 1
    deployments += 1
    let before =
      random.below(2) == 0 ? nil : Story.predecessor(Story.build1, release: max(1, releases - 1))
    let plan = Story.plan(
      random.below(2) == 0 ? Story.build2 : Story.build3, release: releases, predecessor: before)
    open.append((deployments, releases))
    try ledger.record(
      EntryDraft([
        DraftEvent(
          plan, in: .deployment(Story.deployment(deployments)), scope: Story.place.scope),
        release(ReleaseStarted(cause: .deployment, build: plan.build)),
      ]))
  }

  private mutating func end() throws {
    guard let (number, own) = open.first else { return }
    let stream = StreamName.deployment(Story.deployment(number))
    switch random.below(4) {
    case 0:
      try ledger.record(DeploymentAbortRequested(), in: stream)
      return
    case 1: try ledger.record(DeploymentSucceeded(durationMs: 1, release: own), in: stream)
    case 2:
      try ledger.record(
        DeploymentFailed(durationMs: 1, release: own, outcome: .held, reason: "deadline"),
        in: stream)
    default:
      releases += 1
      let back = DeploymentRollbackStarted(restores: own, release: releases, reason: "a")
      try ledger.record(
        EntryDraft([
          DraftEvent(back, in: stream, scope: Story.place.scope),
          release(ReleaseStarted(cause: .rollback, restores: own)),
        ]))
      try ledger.record(
        DeploymentRolledBack(durationMs: 1, release: releases, restored: own, reason: "a"),
        in: stream)
    }
    open.removeFirst()
  }

  private mutating func lease() throws {
    let stream: StreamName = "lease/tamma.production"
    switch random.below(3) {
    case 0:
      let taken = LeaseTaken(
        deployment: Story.deployment(1), owner: Story.person,
        process: ReplicaProcess(pid: 1, startTicks: 2), until: Story.time(random.below(99)))
      try ledger.record(taken, in: stream)
    case 1: try ledger.record(LeaseRenewed(until: Story.time(random.below(99))), in: stream)
    default: try ledger.record(LeaseReleased(), in: stream)
    }
  }

  /// Data that no writer of ours makes and that the format lets pass.
  private mutating func oddities() throws {
    let kind: EventKind = "health.checked.v1"
    let stream: StreamName = "health/tamma.production"
    let good: JSONObject = [
      "component": "orchestrator", "instance": "orchestrator-1", "latencyUs": 5,
      "verdict": "pass",
    ]
    let changes: [(String, JSONValue?)] = [
      ("verdict", "ok"), ("latencyUs", -1), ("status", -1), ("reason", ""), ("spare", 1),
      ("reason", "tab\tand \"quote\""), ("component", "Orchestrator"), ("instance", "-"),
      ("deployment", "01a2ce8b-d018-4508-a730-b4ddeb3c3012"), ("latencyUs", .none),
      ("verdict", .none), ("reason", .string(String(repeating: "x", count: 1_001))),
      ("status", nil), ("component", .none), ("instance", .none),
    ]
    var odd = good
    let (key, value) = changes[random.below(changes.count)]
    odd[key] = value
    try ledger.record(raw: good, odd, good, kind: kind, in: stream)
  }
}

/// Steele, Lea and Flood's SplitMix64: numbers that are the same on every machine.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
