import CanonicalJSON
import Events
import Projections

// What a rollout does between its start and its end, and what no answer depends on.
extension RandomLedger {
  /// The next thing that the oldest open deployment does or meets.
  mutating func goOn() throws {
    guard let (number, own) = open.first else { return try start() }
    let stream = StreamName.deployment(Story.deployment(number))
    let slot = ReplicaSlot(component: "orchestrator", generation: .new, replica: 1)
    switch random.below(5) {
    case 0:
      let started = DeploymentStepStarted(
        step: 1, action: .startReplica, slots: [slot], instance: instance())
      try ledger.record(started, in: stream)
    case 1:
      let finished = DeploymentStepFinished(
        step: 1, outcome: random.below(3) == 0 ? .failed : .done, durationMs: random.below(99),
        process: ReplicaProcess(pid: 3, port: 8_080, startTicks: 4))
      try ledger.record(finished, in: stream)
    case 2:
      let exited = DeploymentReplicaExited(slot: slot, instance: instance(), status: 1)
      try ledger.record(exited, in: stream)
    case 3:
      let judged = DeploymentJudged(
        decision: .proceed, verdict: .healthy, reason: "3 of 3 passed", phase: "bake")
      try ledger.record(judged, in: stream)
    default:
      let failed = DeploymentRollbackFailed(
        durationMs: 1, release: own, restores: max(1, own - 1), reason: "no replica started")
      try ledger.record(failed, in: stream)
      open.removeFirst()
    }
  }

  /// Kinds that nearly every projection passes by.
  mutating func passBy() throws {
    switch random.below(26) {
    case 0: try ledger.record(LedgerCreated(recoveryThreshold: 1), in: .ledger, scope: Scope())
    case 1:
      let began = IncarnationStarted(
        lost: "unknown", previous: StoredLedger.origin,
        root: Digest(bytes: [UInt8](repeating: 2, count: 32)), size: 1)
      try ledger.record(began, in: .ledger, scope: Scope())
    case 2:
      let applied = RetentionApplied(retention: .telemetry, first: 0, last: 0)
      try ledger.record(applied, in: .retention, scope: Scope())
    case 3:
      let erased = PrivacyErased(basis: "request")
      try ledger.record(
        erased, in: StreamName(stringLiteral: "privacy/\(Story.person)"), scope: Scope())
    case 4:
      let cost = CostImported(
        amount: Money(micros: 5, currency: "EUR"), from: Story.time(0), until: Story.time(1),
        service: "compute", bill: Story.build1, source: Story.build2)
      try ledger.record(cost, in: "cost/tamma.production")
    case 5:
      let started = ReplicaStarted(
        component: "orchestrator", instance: instance(), build: Story.build1, pid: 1,
        startTicks: 2)
      try ledger.record(started, in: "replica/tamma.production")
    case 6: try ledger.record(RouterStarted(), in: "router/tamma.production")
    case 7: try ledger.record(RouterStopped(reason: "gone"), in: "router/tamma.production")
    case 8:
      let decided = PolicyDecided(
        configuration: Story.build1, policy: Story.build2, rules: [["id": "production/it"]],
        capacity: nil, violations: [])
      try ledger.record(decided, in: "policy/tamma.production")
    case 9:
      let opened = ReviewOpened(due: Story.time(3), passed: ["production/approvals"])
      try ledger.record(opened, in: "review/tamma.production")
    case 10:
      let rationale = Sealed(
        commitment: Digest(bytes: [UInt8](repeating: 4, count: 32)), subject: Story.person)
      let closed = ReviewClosed(
        number: 1 + random.below(3), finding: .justified, rationale: rationale)
      try ledger.record(closed, in: "review/tamma.production")
    case 11, 12, 13: try keepSecrets()
    case 14, 15, 16, 17: try scan()
    case 18, 19, 20, 21: try synchronize()
    default: try approve()
    }
  }

  private mutating func keepSecrets() throws {
    let stream: StreamName = "secret/tamma.production"
    let digest = Digest(bytes: [UInt8](repeating: UInt8(random.below(3)), count: 32))
    let name: SecretName = random.below(2) == 0 ? "database-password" : "tls-key"
    let recipient = SecretRecipient(random.below(2) == 0 ? .keyFile : .age, hmac: digest)
    switch random.below(6) {
    case 0:
      try ledger.record(SecretRetired(name, through: 1 + random.below(3)), in: stream)
    case 1: try ledger.record(SecretRemoved(name), in: stream)
    case 2: try ledger.record(SecretRecipientAdded(recipient), in: stream)
    case 3: try ledger.record(SecretRecipientRemoved(recipient), in: stream)
    default:
      try ledger.record(SecretSet(name, version: 1 + random.below(9), hmac: digest), in: stream)
    }
  }

  private mutating func scan() throws {
    let stream: StreamName = "drift/tamma.production"
    let finding = DriftFinding(
      random.below(2) == 0 ? .missing : .notCompared, .replicas, instance: instance())
    switch random.below(3) {
    case 0: try ledger.record(DriftFound(finding), in: stream)
    case 1: try ledger.record(DriftResolved(finding), in: stream)
    default:
      let leaves = 1 + random.below(9)
      try ledger.record(
        DriftScanned(
          leaves: leaves, equal: random.below(leaves), found: random.below(3),
          notCompared: random.below(3), release: random.below(2) == 0 ? nil : 1), in: stream)
    }
  }

  private mutating func synchronize() throws {
    let stream: StreamName = "sync/tamma.production"
    switch random.below(4) {
    case 0:
      try ledger.record(SyncStarted(deployment: Story.deployment(1), release: 1), in: stream)
    case 1:
      let action: StepAction = random.below(3) == 0 ? .startReplica : .stopReplica
      try ledger.record(
        SyncStepStarted(step: 1, action: action, instances: [instance()]), in: stream)
    case 2:
      try ledger.record(
        SyncStepFinished(step: 1, outcome: .done, durationMs: 1), in: stream)
    default: try ledger.record(SyncEnded(outcome: .done), in: stream)
    }
  }

  private mutating func approve() throws {
    let approval = Approval(
      action: "deployment.start", application: "tamma", plan: Story.build1)
    let stream: StreamName = "approval/production"
    let scope = Scope(environment: "production")
    switch random.below(4) {
    case 3:
      try ledger.record(
        ApprovalRequested(
          plan: ReviewedPlan(
            action: "deployment.start", application: "tamma", environment: "production",
            base: random.below(4), build: Story.build1, configuration: Story.build1,
            policy: Story.build1), digest: Story.build1, configuration: ["a": ["b": 1]],
          rule: ApprovalRule(id: "production/approvals", quorum: 1)), in: stream, scope: scope)
    case 0: try ledger.record(ApprovalGiven(approval), in: stream, scope: scope)
    case 1: try ledger.record(ApprovalWithdrawn(approval), in: stream, scope: scope)
    default: try ledger.record(ApprovalRejected(approval), in: stream, scope: scope)
    }
  }
}
