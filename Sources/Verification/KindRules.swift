/// How long a body of a kind is kept.
package enum RetentionClass: String, Hashable, Sendable, CaseIterable {
  case permanent, evidence, telemetry
}

/// What a key may be used for; a key has one role for ever.
package enum SigningRole: String, Hashable, Sendable, CaseIterable {
  case log, actor, service, witness, administrator, recovery
}

/// What follows the prefix in a kind's streams.
enum StreamShape: Hashable {
  /// `main`: there is one.
  case main
  /// 64 hex digits.
  case keyid
  /// A UUIDv7 of a person, for the ledger as a whole.
  case person
  /// A UUIDv7, of one application in one environment.
  case deployment
  /// The environment; with `orNone`, `0` where there is none.
  case environment(orNone: Bool)
  /// The application.
  case application
  /// Application and environment, `web.production`.
  case scope
}

/// What FORMAT.md says of one kind.
struct KindRule {
  let prefix: String
  let shape: StreamShape
  let signers: Set<SigningRole>
  let retention: RetentionClass
  /// Whether it alters what an application is in an environment, and so takes a release number.
  var altersEnvironment = false
  /// Whether it may be recorded long after it happened.
  var isLate = false
  /// Prefixes of the streams that a decision of this kind reads: each is expected, or written.
  var expects: [String] = []
}

/// The kinds that this verifier knows, read from FORMAT.md independently of the program that
/// writes.
enum KindRules {
  static func rule(for kind: String) -> KindRule? { known[kind] }

  static let releaseStarted = "release.started.v1"

  private static let known: [String: KindRule] = {
    var rules: [String: KindRule] = [:]
    for (kinds, rule) in families {
      for kind in kinds { rules[kind + ".v1"] = rule }
    }
    return rules
  }()

  private static let families: [([String], KindRule)] = governing + access + delivery + observations

  private static let governing: [([String], KindRule)] = [
    (["ledger.created", "ledger.incarnation_started"], permanent("ledger", .main)),
    (
      ["key.registered", "key.revoked"],
      permanent("key", .keyid, by: [.administrator, .recovery])
    ),
    (["retention.applied"], permanent("retention", .main, by: [.administrator, .service])),
    (["privacy.erased"], permanent("privacy", .person)),
  ]

  private static let access: [([String], KindRule)] = [
    (
      [
        "access.granted", "access.withdrawn", "access.suspended", "access.reinstated",
        "access.reviewed", "access.identity_added", "access.identity_removed",
      ],
      permanent("grant", .person)
    ),
    (["access.issuer_added", "access.issuer_removed"], permanent("issuer", .main)),
    (["policy.adopted"], permanent("policy", .main)),
    (
      ["access.attested"],
      KindRule(
        prefix: "attestation", shape: .person, signers: [.service], retention: .permanent,
        expects: ["grant", "issuer"])
    ),
    (["access.decided"], permanent("access", .environment(orNone: true), by: [.service])),
    (
      ["approval.requested"],
      KindRule(
        prefix: "approval", shape: .environment(orNone: false),
        signers: [.actor, .administrator, .service], retention: .evidence, expects: ["grant"])
    ),
    (
      ["approval.given", "approval.withdrawn", "approval.rejected"],
      KindRule(
        prefix: "approval", shape: .environment(orNone: false), signers: [.actor, .administrator],
        retention: .evidence, expects: ["grant"])
    ),
    (["review.opened"], change("review", .scope, expects: ["access", "grant"])),
    (
      ["review.closed"],
      KindRule(
        prefix: "review", shape: .scope, signers: [.actor, .administrator], retention: .permanent,
        expects: ["grant"])
    ),
    (
      [
        "secret.set", "secret.retired", "secret.removed", "secret.recipient_added",
        "secret.recipient_removed",
      ],
      KindRule(
        prefix: "secret", shape: .scope, signers: [.actor, .administrator], retention: .permanent,
        expects: ["access", "grant"])
    ),
  ]

  private static let delivery: [([String], KindRule)] = [
    (
      ["policy.decided"],
      KindRule(
        prefix: "policy", shape: .scope, signers: [.service], retention: .permanent)
    ),
    (["build.recorded"], change("build", .application)),
    (
      ["configuration.applied"],
      change("configuration", .scope, alters: true, expects: ["access", "grant"])
    ),
    (["release.started"], change("release", .scope)),
    (
      ["deployment.started"],
      change(
        "deployment", .deployment, alters: true, expects: ["access", "configuration", "grant"])
    ),
    (["deployment.rollback_started"], change("deployment", .deployment, alters: true)),
    (
      [
        "deployment.step_started", "deployment.step_finished", "deployment.judged",
        "deployment.replica_exited", "deployment.abort_requested", "deployment.succeeded",
        "deployment.rolled_back",
        "deployment.rollback_failed", "deployment.failed",
      ], change("deployment", .deployment)
    ),
    (["lease.taken", "lease.renewed", "lease.released"], change("lease", .scope)),
    (["sync.started"], change("sync", .scope, expects: ["access", "grant"])),
    (
      ["sync.step_started", "sync.step_finished", "sync.ended"],
      permanent("sync", .scope, by: [.service])
    ),
  ]

  private static let observations: [([String], KindRule)] = [
    (["replica.started", "replica.exited"], observation("replica", .evidence)),
    (["router.started", "router.stopped"], observation("router", .evidence)),
    (
      ["drift.scanned", "drift.found", "drift.resolved"], observation("drift", .evidence)
    ),
    (
      ["health.checked", "health.changed", "health.summarized"],
      observation("health", .telemetry)
    ),
    (["usage.sampled"], observation("usage", .telemetry)),
    (["cost.imported"], observation("cost", .telemetry, isLate: true)),
  ]

  private static func permanent(
    _ prefix: String, _ shape: StreamShape, by signers: Set<SigningRole> = [.administrator]
  ) -> KindRule {
    KindRule(prefix: prefix, shape: shape, signers: signers, retention: .permanent)
  }

  private static func change(
    _ prefix: String, _ shape: StreamShape, alters: Bool = false, expects: [String] = []
  ) -> KindRule {
    KindRule(
      prefix: prefix, shape: shape, signers: [.actor, .service], retention: .permanent,
      altersEnvironment: alters, expects: expects)
  }

  private static func observation(
    _ prefix: String, _ retention: RetentionClass, isLate: Bool = false
  ) -> KindRule {
    KindRule(
      prefix: prefix, shape: .scope, signers: [.service], retention: retention, isLate: isLate)
  }
}

extension KindRule {
  /// Whether `run`'s stream, application and environment are ones that its kind may have.
  func allows(_ run: Run) -> Bool {
    guard run.stream.utf8.starts(with: prefix.utf8),
      run.stream.utf8.dropFirst(prefix.utf8.count).first == UInt8(ascii: "/")
    else { return false }
    let name = run.stream.dropFirst(prefix.utf8.count + 1)
    switch (shape, run.application, run.environment) {
    case (.main, nil, nil): return name == "main"
    case (.keyid, nil, nil):
      return name.utf8.count == 64 && name.utf8.allSatisfy { hexValue($0) <= 15 }
    case (.person, nil, nil), (.deployment, _?, _?):
      return Identifier(parsing: String(name)) != nil
    case (.environment(let orNone), nil, let environment):
      return environment.map { name == $0 } ?? (orNone && name == "0")
    case (.application, let application?, nil): return name == application
    case (.scope, let application?, let environment?):
      return name == "\(application).\(environment)"
    case (.main, _, _), (.keyid, _, _), (.person, _, _), (.deployment, _, _),
      (.environment, _, _), (.application, _, _), (.scope, _, _):
      return false
    }
  }
}
