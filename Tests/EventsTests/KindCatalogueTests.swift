import Events
import Testing

/// The catalogue against the format's table and the decision that extends it.
@Suite struct KindCatalogueTests {
  @Test func `kinds that alter an environment are permanent`() {
    let altering = KindCatalogue.rules.filter { $0.altersEnvironment }

    #expect(
      altering.map(\.kind.text) == [
        "configuration.applied.v1", "deployment.started.v1", "deployment.rollback_started.v1",
      ])
    #expect(altering.allSatisfy { $0.retention == .permanent })
  }

  @Test(
    arguments: [
      ("ledger.created.v1", [.administrator]), ("key.revoked.v1", [.administrator, .recovery]),
      ("access.granted.v1", [.administrator]), ("access.decided.v1", [.service]),
      ("access.issuer_added.v1", [.administrator]), ("access.attested.v1", [.service]),
      ("access.identity_removed.v1", [.administrator]),
      ("policy.adopted.v1", [.administrator]), ("policy.decided.v1", [.service]),
      ("approval.rejected.v1", [.actor, .administrator]),
      ("approval.requested.v1", [.actor, .administrator, .service]),
      ("configuration.applied.v1", [.actor, .service]), ("release.started.v1", [.actor, .service]),
      ("deployment.judged.v1", [.actor, .service]), ("health.checked.v1", [.service]),
      ("cost.imported.v1", [.service]), ("retention.applied.v1", [.administrator, .service]),
      ("privacy.erased.v1", [.administrator]), ("secret.set.v1", [.actor, .administrator]),
      ("secret.recipient_removed.v1", [.actor, .administrator]), ("drift.scanned.v1", [.service]),
      ("sync.started.v1", [.actor, .service]), ("sync.step_started.v1", [.service]),
    ] as [(EventKind, Set<KeyRole>)])
  func `each kind is signed by the roles of the format`(kind: EventKind, roles: Set<KeyRole>) {
    #expect(KindCatalogue.rule(for: kind)?.signers == roles)
  }

  @Test func `each class keeps the families that the format gives it`() {
    let families = { (retention: RetentionClass) in
      Set(KindCatalogue.rules.filter { $0.retention == retention }.map { String($0.kind.family) })
    }

    #expect(families(.telemetry) == ["health", "usage", "cost"])
    #expect(families(.evidence) == ["approval", "replica", "router", "drift"])
    #expect(
      families(.permanent) == [
        "ledger", "key", "access", "retention", "privacy", "build", "configuration", "release",
        "deployment", "lease", "policy", "review", "secret", "sync",
      ])
  }

  @Test func `only imports may be late`() {
    #expect(KindCatalogue.rules.filter { $0.isLate }.map { $0.kind } == ["cost.imported.v1"])
  }

  @Test func `a kind that is not there has no rule`() {
    #expect(KindCatalogue.rule(for: "key.registered.v2") == nil)
  }
}
