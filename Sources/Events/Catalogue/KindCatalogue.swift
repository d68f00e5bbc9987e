/// Every kind that this version writes, and what the format demands of it.
///
/// An append refuses others; a reader meets them only in ledgers newer than itself.
package enum KindCatalogue {
  /// In the order of the format's table.
  package static let rules: [KindRule] = governing + access + delivery + observation

  package static func rule(for kind: EventKind) -> KindRule? { byText[kind.text] }

  private static let byText: [String: KindRule] = Dictionary(
    uniqueKeysWithValues: rules.map { ($0.kind.text, $0) })

  private static let governing: [KindRule] = [
    KindRule("ledger.created.v1", "ledger", .main, .permanent, by: [.administrator]),
    KindRule("ledger.incarnation_started.v1", "ledger", .main, .permanent, by: [.administrator]),
    KindRule("key.registered.v1", "key", .key, .permanent, by: [.administrator, .recovery]),
    KindRule("key.revoked.v1", "key", .key, .permanent, by: [.administrator, .recovery]),
    KindRule(
      "retention.applied.v1", "retention", .main, .permanent, by: [.administrator, .service]),
    KindRule("privacy.erased.v1", "privacy", .actor, .permanent, by: [.administrator]),
  ]

  private static let access: [KindRule] = [
    KindRule("access.granted.v1", "grant", .actor, .permanent, by: [.administrator]),
    KindRule("access.withdrawn.v1", "grant", .actor, .permanent, by: [.administrator]),
    KindRule("access.suspended.v1", "grant", .actor, .permanent, by: [.administrator]),
    KindRule("access.reinstated.v1", "grant", .actor, .permanent, by: [.administrator]),
    KindRule("access.reviewed.v1", "grant", .actor, .permanent, by: [.administrator]),
    KindRule("access.decided.v1", "access", .environmentOrNone, .permanent, by: [.service]),
    KindRule("access.issuer_added.v1", "issuer", .main, .permanent, by: [.administrator]),
    KindRule("access.issuer_removed.v1", "issuer", .main, .permanent, by: [.administrator]),
    KindRule("access.identity_added.v1", "grant", .actor, .permanent, by: [.administrator]),
    KindRule("access.identity_removed.v1", "grant", .actor, .permanent, by: [.administrator]),
    KindRule("policy.adopted.v1", "policy", .main, .permanent, by: [.administrator]),
    KindRule(
      "access.attested.v1", "attestation", .actor, .permanent, by: [.service],
      expecting: ["grant", "issuer"]),
    approval("approval.requested.v1", by: [.actor, .administrator, .service]),
    approval("approval.given.v1"), approval("approval.withdrawn.v1"),
    approval("approval.rejected.v1"),
    KindRule(
      "review.opened.v1", "review", .place, .permanent, by: [.actor, .service],
      expecting: ["access", "grant"]),
    KindRule(
      "review.closed.v1", "review", .place, .permanent, by: [.actor, .administrator],
      expecting: ["grant"]),
    secret("secret.set.v1"), secret("secret.retired.v1"), secret("secret.removed.v1"),
    secret("secret.recipient_added.v1"), secret("secret.recipient_removed.v1"),
  ]

  private static let delivery: [KindRule] = [
    KindRule("policy.decided.v1", "policy", .place, .permanent, by: [.service]),
    KindRule("build.recorded.v1", "build", .application, .permanent, by: [.actor, .service]),
    KindRule(
      "configuration.applied.v1", "configuration", .place, .permanent, by: [.actor, .service],
      altersEnvironment: true, expecting: ["access", "grant"]),
    KindRule("release.started.v1", "release", .place, .permanent, by: [.actor, .service]),
    KindRule(
      "deployment.started.v1", "deployment", .deployment, .permanent, by: [.actor, .service],
      altersEnvironment: true, expecting: ["access", "configuration", "grant"]),
    KindRule(
      "deployment.rollback_started.v1", "deployment", .deployment, .permanent,
      by: [.actor, .service], altersEnvironment: true),
    deployment("deployment.step_started.v1"), deployment("deployment.step_finished.v1"),
    deployment("deployment.replica_exited.v1"), deployment("deployment.judged.v1"),
    deployment("deployment.abort_requested.v1"),
    deployment("deployment.succeeded.v1"), deployment("deployment.failed.v1"),
    deployment("deployment.rolled_back.v1"), deployment("deployment.rollback_failed.v1"),
    lease("lease.taken.v1"), lease("lease.renewed.v1"), lease("lease.released.v1"),
    KindRule(
      "sync.started.v1", "sync", .place, .permanent, by: [.actor, .service],
      expecting: ["access", "grant"]),
    sync("sync.step_started.v1"), sync("sync.step_finished.v1"), sync("sync.ended.v1"),
  ]

  private static let observation: [KindRule] = [
    KindRule("replica.started.v1", "replica", .place, .evidence, by: [.service]),
    KindRule("replica.exited.v1", "replica", .place, .evidence, by: [.service]),
    KindRule("router.started.v1", "router", .place, .evidence, by: [.service]),
    KindRule("router.stopped.v1", "router", .place, .evidence, by: [.service]),
    KindRule("drift.scanned.v1", "drift", .place, .evidence, by: [.service]),
    KindRule("drift.found.v1", "drift", .place, .evidence, by: [.service]),
    KindRule("drift.resolved.v1", "drift", .place, .evidence, by: [.service]),
    KindRule("health.checked.v1", "health", .place, .telemetry, by: [.service]),
    KindRule("health.changed.v1", "health", .place, .telemetry, by: [.service]),
    KindRule("health.summarized.v1", "health", .place, .telemetry, by: [.service]),
    KindRule("usage.sampled.v1", "usage", .place, .telemetry, by: [.service]),
    KindRule("cost.imported.v1", "cost", .place, .telemetry, by: [.service], isLate: true),
  ]

  private static func approval(
    _ kind: EventKind, by signers: Set<KeyRole> = [.actor, .administrator]
  ) -> KindRule {
    KindRule(kind, "approval", .environment, .evidence, by: signers, expecting: ["grant"])
  }

  private static func secret(_ kind: EventKind) -> KindRule {
    KindRule(
      kind, "secret", .place, .permanent, by: [.actor, .administrator],
      expecting: ["access", "grant"])
  }

  private static func deployment(_ kind: EventKind) -> KindRule {
    KindRule(kind, "deployment", .deployment, .permanent, by: [.actor, .service])
  }

  private static func sync(_ kind: EventKind) -> KindRule {
    KindRule(kind, "sync", .place, .permanent, by: [.service])
  }

  private static func lease(_ kind: EventKind) -> KindRule {
    KindRule(kind, "lease", .place, .permanent, by: [.actor, .service])
  }
}
