import CanonicalJSON
import Events
import Testing

/// One event of every kind: its data as canonical text, written by hand, and what it means.
struct KnownEvent: CustomTestStringConvertible {
  let kind: EventKind
  let text: String
  let event: LedgerEvent

  init(_ kind: EventKind, _ text: String, _ event: LedgerEvent) {
    self.kind = kind
    self.text = text
    self.event = event
  }

  var testDescription: String { kind.text }

  static let all: [KnownEvent] = governing + access + delivery + deployments + observed

  private static let governing: [KnownEvent] = [
    KnownEvent(
      "ledger.created.v1",
      #"{"recoveryThreshold":2}"#,
      .ledger(.created(LedgerCreated(recoveryThreshold: 2)))),
    KnownEvent(
      "ledger.incarnation_started.v1",
      #"{"lost":"unknown","previous":"tamma/04040404-0404-4404-8404-040404040404/1","root":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","size":12}"#,
      .ledger(
        .incarnationStarted(
          IncarnationStarted(
            lost: "unknown", previous: Sample.origin, root: Sample.digest, size: 12)))),
    KnownEvent(
      "key.registered.v1",
      #"{"algorithm":"ed25519","key":"302a300506032b6570032100d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","name":"witness.example","owner":"00000000-0000-7101-8101-010101010101","role":"witness"}"#,
      .key(
        .registered(
          KeyRegistered(key: key, owner: Sample.actor, role: .witness, name: "witness.example")))),
    KnownEvent(
      "key.revoked.v1",
      #"{"reason":"compromised","suspectFrom":7}"#,
      .key(.revoked(KeyRevoked(reason: "compromised", suspectFrom: 7)))),
    KnownEvent(
      "retention.applied.v1",
      #"{"class":"telemetry","first":0,"last":10}"#,
      .retention(RetentionApplied(retention: .telemetry, first: 0, last: 10))),
    KnownEvent(
      "privacy.erased.v1",
      #"{"basis":"request"}"#,
      .privacy(PrivacyErased(basis: "request"))),
  ]

  private static let access: [KnownEvent] = [
    KnownEvent(
      "access.granted.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","applications":["*"],"environments":["production","staging"],"role":"deployer","until":"1970-01-01T12:00:00.000000Z"}"#,
      .access(
        .granted(
          AccessGranted(
            actor: Sample.actor, applications: .all,
            environments: .only(["staging", "production"]), role: .deployer, until: Sample.noon)))),
    KnownEvent(
      "access.withdrawn.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","role":"viewer"}"#,
      .access(.withdrawn(AccessWithdrawn(actor: Sample.actor, role: .viewer)))),
    KnownEvent(
      "access.suspended.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","applications":["tamma"],"environments":["*"],"ticket":"OPS-1","until":"1970-01-01T12:00:00.000000Z"}"#,
      .access(
        .suspended(
          AccessSuspended(
            actor: Sample.actor, applications: .only(["tamma"]), environments: .all,
            until: Sample.noon, ticket: "OPS-1")))),
    KnownEvent(
      "access.reinstated.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","reason":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}}}"#,
      .access(.reinstated(AccessReinstated(actor: Sample.actor, reason: sealed)))),
    KnownEvent(
      "access.reviewed.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","finding":"kept","grant":2,"rationale":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}}}"#,
      .access(
        .reviewed(
          AccessReviewed(actor: Sample.actor, grant: 2, finding: .kept, rationale: sealed)))),
    KnownEvent(
      "access.decided.v1",
      #"{"action":"deployment.start","actor":"00000000-0000-7101-8101-010101010101","application":"tamma","count":3,"decision":"deny","reasons":["noGrant"]}"#,
      .access(
        .decided(
          AccessDecided(
            action: "deployment.start", actor: Sample.actor, application: "tamma", count: 3,
            decision: .deny, reasons: ["noGrant"])))),
    KnownEvent(
      "access.issuer_added.v1",
      #"{"audience":"stele","issuer":"https://forge.example","keys":[{"algorithm":"EdDSA","key":"302a300506032b65700321000101010101010101010101010101010101010101010101010101010101010101","kid":"key-1"}],"ticket":"OPS-1"}"#,
      .access(
        .issuerAdded(
          AccessIssuerAdded(
            issuer: "https://forge.example", audience: "stele",
            keys: [
              IssuerKey(
                algorithm: .edDSA,
                key: PublicKeyBytes(
                  spki: KeyAlgorithm.ed25519.spkiPrefix + [UInt8](repeating: 1, count: 32)),
                kid: "key-1")
            ], ticket: "OPS-1")))),
    KnownEvent(
      "access.issuer_removed.v1", #"{"issuer":"https://forge.example"}"#,
      .access(.issuerRemoved(AccessIssuerRemoved(issuer: "https://forge.example")))),
    KnownEvent(
      "access.identity_added.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","claims":[{"name":"sub","value":"repo:a/b"}],"issuer":"https://forge.example"}"#,
      .access(
        .identityAdded(
          AccessIdentityAdded(
            actor: Sample.actor, issuer: "https://forge.example",
            claims: [TokenClaim(name: "sub", value: "repo:a/b")])))),
    KnownEvent(
      "access.identity_removed.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","identity":3,"ticket":"OPS-1"}"#,
      .access(
        .identityRemoved(
          AccessIdentityRemoved(actor: Sample.actor, identity: 3, ticket: "OPS-1")))),
    KnownEvent(
      "access.attested.v1",
      #"{"actor":"00000000-0000-7101-8101-010101010101","audience":"stele","claims":[{"name":"sub","value":"repo:a/b"}],"evidence":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","expires":"1970-01-01T12:00:00.000000Z","identity":3,"issued":"1970-01-01T12:00:00.000000Z","issuer":"https://forge.example","jti":"one","kid":"key-1"}"#,
      .access(
        .attested(
          AccessAttested(
            actor: Sample.actor, identity: 3, evidence: Sample.digest,
            issuer: "https://forge.example", audience: "stele", kid: "key-1", jti: "one",
            issued: Sample.noon, expires: Sample.noon,
            claims: [TokenClaim(name: "sub", value: "repo:a/b")])))),
    KnownEvent(
      "approval.requested.v1",
      #"{"configuration":{"name":"production"},"digest":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","plan":{"action":"deployment.start","application":"tamma","base":811,"build":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","configuration":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","environment":"production","policy":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","promotes":{"environment":"staging","release":12}},"reason":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}},"rule":{"condition":"approved","field":"plan","id":"production/approvals","value":{"approvers":["00000000-0000-7101-8101-010101010101"],"expiryMinutes":1440,"quorum":1,"separation":"approver"}}}"#,
      .approval(
        .requested(
          ApprovalRequested(
            plan: ReviewedPlan(
              action: "deployment.start", application: "tamma", environment: "production",
              base: 811, build: content, configuration: content, policy: content,
              promotes: ReleasePromotion(of: "staging", 12)), digest: content,
            configuration: ["name": "production"],
            rule: ApprovalRule(
              id: "production/approvals", quorum: 1, approvers: [Sample.actor],
              expiryMinutes: 1_440, separation: .approver), reason: sealed)))),
    KnownEvent(
      "approval.given.v1",
      #"{"action":"deployment.start","application":"tamma","comment":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}},"plan":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1"}"#,
      .approval(.given(ApprovalGiven(approval)))),
    KnownEvent(
      "approval.withdrawn.v1",
      #"{"action":"deployment.start","application":"tamma","comment":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}},"plan":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1"}"#,
      .approval(.withdrawn(ApprovalWithdrawn(approval)))),
    KnownEvent(
      "approval.rejected.v1",
      #"{"action":"deployment.start","application":"tamma","comment":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}},"plan":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1"}"#,
      .approval(.rejected(ApprovalRejected(approval)))),
    KnownEvent(
      "review.opened.v1",
      #"{"due":"1970-01-01T12:00:00.000000Z","passed":["production/freezeWindows/weekend"]}"#,
      .review(
        .opened(
          ReviewOpened(
            due: Timestamp.earliest.adding(milliseconds: 43_200_000),
            passed: ["production/freezeWindows/weekend"])))),
    KnownEvent(
      "review.closed.v1",
      #"{"finding":"justified","number":3,"rationale":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}}}"#,
      .review(.closed(ReviewClosed(number: 3, finding: .justified, rationale: sealed)))),
    KnownEvent(
      "secret.set.v1",
      #"{"hmac":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","name":"database-password","reason":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}},"version":3}"#,
      .secret(
        .set(
          SecretSet("database-password", version: 3, hmac: Sample.digest, reason: sealed)))),
    KnownEvent(
      "secret.retired.v1", #"{"name":"database-password","through":2}"#,
      .secret(.retired(SecretRetired("database-password", through: 2)))),
    KnownEvent(
      "secret.removed.v1",
      #"{"name":"database-password","reason":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}}}"#,
      .secret(.removed(SecretRemoved("database-password", reason: sealed)))),
    KnownEvent(
      "secret.recipient_added.v1",
      #"{"hmac":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","recipient":"keyFile"}"#,
      .secret(
        .recipientAdded(SecretRecipientAdded(SecretRecipient(.keyFile, hmac: Sample.digest))))),
    KnownEvent(
      "secret.recipient_removed.v1",
      #"{"hmac":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","recipient":"age"}"#,
      .secret(
        .recipientRemoved(SecretRecipientRemoved(SecretRecipient(.age, hmac: Sample.digest))))),
  ]

  private static let delivery: [KnownEvent] = [
    KnownEvent(
      "build.recorded.v1",
      #"{"build":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","change":{"author":"00000000-0000-7101-8101-010101010101","commit":"4f2a91c","message":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}},"repository":"https://git.example/tamma","run":"77","ticket":"OPS-1"},"components":[{"artifact":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","name":"orchestrator","sizeBytes":12}]}"#,
      .build(
        BuildRecorded(
          build: content, change: change,
          components: [BuildComponent(artifact: content, name: "orchestrator", sizeBytes: 12)]))),
    KnownEvent(
      "configuration.applied.v1",
      #"{"configuration":{"region":null},"difference":[{"after":null,"before":1,"path":"region"}],"digest":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","reason":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}}}"#,
      .configuration(
        ConfigurationApplied(
          configuration: ["region": nil], digest: content,
          difference: [FieldDifference(path: "region", before: 1, after: JSONValue.null)],
          reason: sealed))),
    KnownEvent(
      "release.started.v1",
      #"{"build":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","cause":"rollback","configuration":3,"restores":811}"#,
      .release(ReleaseStarted(cause: .rollback, build: content, configuration: 3, restores: 811))),
    KnownEvent(
      "release.started.v1",
      #"{"build":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","cause":"deployment","configuration":1,"promotes":{"environment":"staging","release":12}}"#,
      .release(
        ReleaseStarted(
          cause: .deployment, build: content, configuration: 1,
          promotes: ReleasePromotion(of: "staging", 12)))),
    KnownEvent(
      "lease.taken.v1",
      #"{"deployment":"00000000-0000-7303-8303-030303030303","owner":"00000000-0000-7101-8101-010101010101","process":{"pid":4711,"port":8001,"startTicks":99},"until":"1970-01-01T12:00:00.000000Z"}"#,
      .lease(
        .taken(
          LeaseTaken(
            deployment: Sample.deployment, owner: Sample.actor, process: process, until: Sample.noon
          )))),
    KnownEvent(
      "lease.renewed.v1",
      #"{"until":"1970-01-01T12:00:00.000000Z"}"#,
      .lease(.renewed(LeaseRenewed(until: Sample.noon)))),
    KnownEvent(
      "lease.released.v1",
      #"{}"#,
      .lease(.released(LeaseReleased()))),
    KnownEvent(
      "sync.started.v1",
      #"{"deployment":"00000000-0000-7303-8303-030303030303","release":812}"#,
      .sync(.started(SyncStarted(deployment: Sample.deployment, release: 812)))),
    KnownEvent(
      "sync.step_started.v1",
      #"{"action":"replica.stop","instances":["r812-1"],"step":2}"#,
      .sync(
        .stepStarted(SyncStepStarted(step: 2, action: .stopReplica, instances: ["r812-1"])))),
    KnownEvent(
      "sync.step_finished.v1",
      #"{"durationMs":7,"outcome":"failed","process":{"pid":4711,"port":8001,"startTicks":99},"reason":"no answer","step":2}"#,
      .sync(
        .stepFinished(
          SyncStepFinished(
            step: 2, outcome: .failed, durationMs: 7, reason: "no answer", process: process)))),
    KnownEvent(
      "sync.ended.v1", #"{"outcome":"failed","reason":"step 2 failed"}"#,
      .sync(.ended(SyncEnded(outcome: .failed, reason: "step 2 failed")))),
  ]

  private static let deployments: [KnownEvent] = [
    KnownEvent(
      "deployment.started.v1",
      #"{"build":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","cause":"deployment","change":{},"components":[{"artifact":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","health":"http","name":"orchestrator","replicas":2,"takesTraffic":true}],"configurationVersion":3,"limits":{"bakeMs":1,"drainMs":2,"healthyThreshold":3,"probeIntervalMs":4,"probeTimeoutMs":5,"progressDeadlineMs":6,"startupDeadlineMs":7,"stopGraceMs":8,"surge":9,"unhealthyThreshold":10},"predecessor":{"build":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","components":[{"artifact":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","health":"http","name":"orchestrator","replicas":2,"takesTraffic":true}],"configurationVersion":1,"release":811,"running":[{"component":"orchestrator","instance":"r811-1","replica":1}]},"reason":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}},"release":812,"restores":810,"rollback":{"automatic":true,"enabled":true},"skipsWaits":false,"strategy":"blue-green"}"#,
      .deployment(.started(plan))),
    KnownEvent(
      "deployment.step_started.v1",
      #"{"action":"replica.start","instance":"r812-1","slots":[{"component":"orchestrator","generation":"new","replica":1}],"step":1}"#,
      .deployment(
        .stepStarted(
          DeploymentStepStarted(step: 1, action: .startReplica, slots: [slot], instance: "r812-1")))
    ),
    KnownEvent(
      "deployment.step_finished.v1",
      #"{"durationMs":12,"outcome":"failed","process":{"pid":4711,"port":8001,"startTicks":99},"reason":"no port","step":1}"#,
      .deployment(
        .stepFinished(
          DeploymentStepFinished(
            step: 1, outcome: .failed, durationMs: 12, reason: "no port", process: process)))),
    KnownEvent(
      "deployment.replica_exited.v1",
      #"{"instance":"r812-1","signal":9,"slot":{"component":"orchestrator","generation":"new","replica":1}}"#,
      .deployment(
        .replicaExited(DeploymentReplicaExited(slot: slot, instance: "r812-1", signal: 9)))),
    KnownEvent(
      "deployment.judged.v1",
      #"{"decision":"rollBack","phase":"bake","reason":"3 failures","verdict":"unhealthy"}"#,
      .deployment(
        .judged(
          DeploymentJudged(
            decision: .rollBack, verdict: .unhealthy, reason: "3 failures", phase: "bake")))),
    KnownEvent(
      "deployment.abort_requested.v1",
      #"{"reason":{"$sealed":{"commitment":"d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","subject":"00000000-0000-7101-8101-010101010101"}}}"#,
      .deployment(.abortRequested(DeploymentAbortRequested(reason: sealed)))),
    KnownEvent(
      "deployment.rollback_started.v1",
      #"{"reason":"3 failures","release":813,"restores":811}"#,
      .deployment(
        .rollbackStarted(
          DeploymentRollbackStarted(restores: 811, release: 813, reason: "3 failures")))),
    KnownEvent(
      "deployment.succeeded.v1",
      #"{"durationMs":31250,"release":812}"#,
      .deployment(.succeeded(DeploymentSucceeded(durationMs: 31_250, release: 812)))),
    KnownEvent(
      "deployment.rolled_back.v1",
      #"{"durationMs":9,"reason":"3 failures","release":813,"restored":811}"#,
      .deployment(
        .rolledBack(
          DeploymentRolledBack(durationMs: 9, release: 813, restored: 811, reason: "3 failures")))),
    KnownEvent(
      "deployment.rollback_failed.v1",
      #"{"durationMs":9,"reason":"no port","release":813,"restores":811}"#,
      .deployment(
        .rollbackFailed(
          DeploymentRollbackFailed(
            durationMs: 9, release: 813, restores: 811, reason: "no port")))),
    KnownEvent(
      "deployment.failed.v1",
      #"{"durationMs":9,"outcome":"held","reason":"deadline","release":812}"#,
      .deployment(
        .failed(
          DeploymentFailed(durationMs: 9, release: 812, outcome: .held, reason: "deadline")))),
  ]

  private static let observed: [KnownEvent] = [
    KnownEvent(
      "health.checked.v1",
      #"{"component":"orchestrator","deployment":"00000000-0000-7303-8303-030303030303","instance":"0","latencyUs":1200,"reason":"slow","status":200,"verdict":"fail"}"#,
      .health(
        .checked(
          HealthChecked(
            component: "orchestrator", instance: "0", latencyUs: 1_200, status: 200, verdict: .fail,
            reason: "slow", deployment: Sample.deployment)))),
    KnownEvent(
      "health.changed.v1",
      #"{"component":"orchestrator","from":"unknown","instance":"0","reason":"3 passes","to":"healthy"}"#,
      .health(
        .changed(
          HealthChanged(
            component: "orchestrator", instance: "0", from: .unknown, to: .healthy,
            reason: "3 passes")))),
    KnownEvent(
      "health.summarized.v1",
      #"{"component":"orchestrator","failures":1,"instance":"0","latencyUsMax":9,"latencyUsMedian":5,"passes":29,"windowMs":300000}"#,
      .health(
        .summarized(
          HealthSummarized(
            component: "orchestrator", instance: "0", windowMs: 300_000, passes: 29, failures: 1,
            latencyUsMax: 9, latencyUsMedian: 5)))),
    KnownEvent(
      "replica.started.v1",
      #"{"build":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","component":"workers","instance":"w-1","pid":4711,"port":8001,"startTicks":99}"#,
      .replica(
        .started(
          ReplicaStarted(
            component: "workers", instance: "w-1", build: content, pid: 4_711, port: 8_001,
            startTicks: 99)))),
    KnownEvent(
      "replica.exited.v1",
      #"{"component":"workers","instance":"w-1","pid":4711,"signal":9}"#,
      .replica(.exited(ReplicaExited(component: "workers", instance: "w-1", pid: 4_711, signal: 9)))
    ),
    KnownEvent("router.started.v1", "{}", .router(.started(RouterStarted()))),
    KnownEvent(
      "router.stopped.v1", #"{"reason":"no answer"}"#,
      .router(.stopped(RouterStopped(reason: "no answer")))),
    KnownEvent(
      "drift.scanned.v1",
      #"{"equal":142,"found":1,"leaves":143,"notCompared":2,"release":812}"#,
      .drift(
        .scanned(DriftScanned(leaves: 143, equal: 142, found: 1, notCompared: 2, release: 812)))),
    KnownEvent(
      "drift.found.v1",
      #"{"component":"orchestrator","files":"8","instance":"r812-1","ledger":"4","part":"replicas","path":"resources.workers.maxReplicas","reason":"none","running":"5","sort":"changed"}"#,
      .drift(
        .found(
          DriftFound(
            DriftFinding(
              .changed, .replicas, component: "orchestrator", instance: "r812-1",
              path: "resources.workers.maxReplicas", files: "8", ledger: "4", running: "5",
              reason: "none"))))),
    KnownEvent(
      "drift.resolved.v1",
      #"{"part":"router","reason":"no answer","sort":"notCompared"}"#,
      .drift(
        .resolved(DriftResolved(DriftFinding(.notCompared, .router, reason: "no answer"))))),
    KnownEvent(
      "policy.decided.v1",
      #"{"configuration":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","decision":"deny","policy":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","rules":[{"condition":"is","field":"deployment.strategy","id":"production/strategy","value":"canary"}],"violations":[{"field":"deployment.strategy","found":"rolling","rule":"production/strategy"}]}"#,
      .policy(
        .decided(
          PolicyDecided(
            configuration: content, policy: content,
            rules: [
              [
                "condition": "is", "field": "deployment.strategy", "id": "production/strategy",
                "value": "canary",
              ]
            ], capacity: nil,
            violations: [
              .init(rule: "production/strategy", field: "deployment.strategy", found: "rolling")
            ])))),
    KnownEvent(
      "policy.adopted.v1",
      #"{"contents":{"production":{"rules":[]}},"policy":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","ticket":"OPS-1"}"#,
      .policy(
        .adopted(
          PolicyAdopted(
            contents: ["production": ["rules": []]], policy: content, ticket: "OPS-1")))),
    KnownEvent(
      "usage.sampled.v1",
      #"{"component":"workers","instance":"w-1","numbers":{"cpuMs":12,"memoryBytes":4096},"windowMs":1000}"#,
      .usage(
        UsageSampled(
          component: "workers", instance: "w-1", numbers: ["cpuMs": 12, "memoryBytes": 4_096],
          windowMs: 1_000))),
    KnownEvent(
      "cost.imported.v1",
      #"{"amountMicros":-1234567,"bill":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","currency":"EUR","from":"1970-01-01T00:00:00.000000Z","service":"compute","source":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","until":"1970-01-01T12:00:00.000000Z"}"#,
      .cost(
        CostImported(
          amount: Money(micros: -1_234_567, currency: "EUR"), from: .earliest, until: Sample.noon,
          service: "compute", bill: content, source: content))),
    KnownEvent(
      "policy.decided.v1",
      #"{"configuration":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","decision":"allow","policy":"sha256:d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1","rules":[],"spent":{"amounts":[{"amountMicros":5,"currency":"EUR"}],"from":"1970-01-01T00:00:00.000000Z","knownUntil":"1970-01-01T12:00:00.000000Z","until":"1970-02-01T00:00:00.000000Z"},"violations":[]}"#,
      .policy(
        .decided(
          PolicyDecided(
            configuration: content, policy: content, rules: [], capacity: nil,
            spent: PolicyDecided.Spent(
              amounts: [Money(micros: 5, currency: "EUR")], from: .earliest,
              until: CalendarMonth(of: .earliest).end, knownUntil: Sample.noon),
            violations: [])))),
  ]

  private static let content = ContentDigest(sha256: Sample.digest)
  private static let sealed = Sealed(commitment: Sample.digest, subject: Sample.actor)
  private static let process = ReplicaProcess(pid: 4_711, port: 8_001, startTicks: 99)
  private static let slot = ReplicaSlot(component: "orchestrator", generation: .new, replica: 1)
  private static let approval = Approval(
    action: "deployment.start", application: "tamma", plan: content, comment: sealed)
  private static let key = PublicKeyBytes(
    spki: KeyAlgorithm.ed25519.spkiPrefix + [UInt8](repeating: 0xD1, count: 32))
  private static let change = Change(
    author: Sample.actor, commit: "4f2a91c", message: sealed,
    repository: "https://git.example/tamma", run: "77", ticket: "OPS-1")
  private static let component = DeploymentComponent(
    artifact: content, health: .http, name: "orchestrator", replicas: 2, takesTraffic: true)

  private static let plan = DeploymentStarted(
    build: content, cause: .deployment, change: Change(), components: [component],
    configurationVersion: 3,
    limits: DeploymentLimits(
      bakeMs: 1, drainMs: 2, healthyThreshold: 3, probeIntervalMs: 4, probeTimeoutMs: 5,
      progressDeadlineMs: 6, startupDeadlineMs: 7, stopGraceMs: 8, surge: 9,
      unhealthyThreshold: 10),
    predecessor: DeploymentPredecessor(
      build: content, components: [component], configurationVersion: 1, release: 811,
      running: [StandingReplica(component: "orchestrator", instance: "r811-1", replica: 1)]),
    reason: sealed, release: 812, restores: 810,
    rollback: DeploymentRollback(automatic: true, enabled: true), skipsWaits: false,
    strategy: .blueGreen)
}
