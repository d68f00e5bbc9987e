import CanonicalJSON
import Events
import Testing

@testable import Environments

/// `policy.yaml`: rules, presets and capacities, read and held against configurations.
@Suite struct PolicyTests {
  private func load(_ text: String) throws(ConfigurationError) -> LoadedPolicy {
    try LoadedPolicy.checked(Array(text.utf8), of: "config/policy.yaml")
  }

  private func problems(_ text: String) -> [String] {
    Sources.lines { () throws(ConfigurationError) in _ = try load(text) }
      .map { $0.replacing("config/policy.yaml:", with: "") }
  }

  /// The rules that `complete.yaml`, changed so, breaks.
  private func broken(
    _ policy: String, _ piece: String = "", _ replacement: String = ""
  ) throws -> [String] {
    let configuration = try Sources.load(Sources.complete(piece, replacement)).configuration
    return try load(policy).policy.violations(by: configuration).map(\.rule.id)
  }

  private func rule(_ condition: String) -> String {
    "production: {rules: {it: {\(condition)}}}"
  }

  /// A field, a condition that `complete.yaml` keeps, and one that it breaks.
  static let conditions: [(field: String, kept: String, broken: String)] = [
    ("security.encryption.atRest", "is: true", "is: false"),
    ("security.networkPolicy", "oneOf: [restricted, private]", "oneOf: [open]"),
    ("infrastructure.region", "oneOf: [eu-central-1]", "oneOf: [us-east-1, eu-west-1]"),
    ("resources.orchestrator.replicas", "atLeast: 2", "atLeast: 3"),
    ("resources.workers.maxReplicas", "atMost: 12", "atMost: 11"),
    ("resources.orchestrator.cpu", "atLeast: 0.5", "atLeast: 501m"),
    ("resources.orchestrator.memory", "atMost: 4096Mi", "atMost: 4095Mi"),
    ("deployment.healthCheckInterval", "atMost: 10.0", "atMost: 9.999"),
    ("observability.tracing.sampleRate", "is: 0.250", "is: 0.25001"),
    ("security.authentication.providers", "includes: [okta]", "includes: [okta, github]"),
    ("security.compliance.standards", "within: [SOC2, GDPR]", "within: [GDPR]"),
    ("deployment.strategy", "is: blue-green", "is: rolling"),
    ("features.new-parser", "is: true", "is: false"),
  ]

  @Test(arguments: conditions)
  func `a condition compares in the field's own units`(
    field: String, kept: String, broken: String
  ) throws {
    #expect(try self.broken(rule("field: \(field), \(kept)")) == [])
    #expect(try self.broken(rule("field: \(field), \(broken)")) == ["production/it"])
  }

  @Test func `a value that is not there keeps no rule`() throws {
    let policy = rule("field: infrastructure.kubernetes.namespace, is: tamma")
    let without = try Sources.complete().replacing(#/\ \ kubernetes:\n(\ {4}.*\n)+/#, with: "")
    let configuration = try Sources.load(without).configuration
    let violation = try #require(try load(policy).policy.violations(by: configuration).first)

    #expect(violation.found == nil)
    #expect(try broken(policy) == [])
    #expect(try broken(rule("field: features.unheard-of, is: false")) == ["production/it"])
  }

  @Test func `what holds everywhere holds in each environment, before its own rules`() throws {
    let policy = try load(
      """
      everywhere: {rules: {first: {field: description, is: x}}, presets: [GDPR]}
      production: {presets: [SOC2], rules: {second: {field: description, is: y, because: why}}}
      """
    ).policy

    let ids = policy.rules(of: .production).map(\.id)
    #expect(ids.first == "SOC2/encryption-at-rest")
    #expect(ids.suffix(2) == ["everywhere/first", "production/second"])
    #expect(policy.rules(of: .staging).allSatisfy { !$0.id.hasPrefix("SOC2/") })
    #expect(policy.rules(of: .staging).last?.id == "everywhere/first")
    #expect(policy.rules(of: .production).last?.because == "why")
  }

  /// For each rule of each preset: what keeps `complete.yaml` from keeping it.
  static let presets: [(preset: String, rule: String, written: String, instead: String)] = [
    ("SOC2", "encryption-at-rest", "atRest: true", "atRest: false"),
    ("SOC2", "encryption-in-transit", "inTransit: true", "inTransit: false"),
    ("SOC2", "boundary", "networkPolicy: private", "networkPolicy: open"),
    ("SOC2", "audit-logging", "auditLogging: true", "auditLogging: false"),
    (
      "SOC2", "monitoring", "enabled: true\n    retention: 90\n    alerting: true",
      "enabled: false\n    retention: 90\n    alerting: false"
    ),
    ("SOC2", "alerting", "alerting: true", "alerting: false"),
    ("SOC2", "evidence-retention", "dataRetention: 2555", "dataRetention: 364"),
    (
      "SOC2", "rollback", "enabled: true\n    timeout: 5\n    automatic: true",
      "enabled: false\n    timeout: 5\n    automatic: false"
    ),
    ("SOC2", "backups", "backupRetention: 30", "backupRetention: 6"),
    ("ISO27001", "encryption-at-rest", "atRest: true", "atRest: false"),
    ("ISO27001", "encryption-in-transit", "inTransit: true", "inTransit: false"),
    ("ISO27001", "networks", "networkPolicy: private", "networkPolicy: open"),
    ("ISO27001", "authentication", "method: saml", "method: api-keys"),
    ("ISO27001", "audit-logging", "auditLogging: true", "auditLogging: false"),
    (
      "ISO27001", "monitoring", "enabled: true\n    retention: 90\n    alerting: true",
      "enabled: false\n    retention: 90\n    alerting: false"
    ),
    ("ISO27001", "backups", "backupRetention: 30", "backupRetention: 6"),
    ("GDPR", "encryption-at-rest", "atRest: true", "atRest: false"),
    ("GDPR", "encryption-in-transit", "inTransit: true", "inTransit: false"),
    ("GDPR", "networks", "networkPolicy: private", "networkPolicy: open"),
    ("GDPR", "storage-limitation", "dataRetention: 2555", "dataRetention: 3651"),
    ("GDPR", "log-minimisation", "level: info", "level: debug"),
  ]

  @Test(arguments: presets)
  func `each rule of a preset is kept, and broken by one value`(
    preset: String, rule: String, written: String, instead: String
  ) throws {
    let policy = "production: {presets: [\(preset)]}"
    #expect(try broken(policy) == [])
    #expect(try broken(policy, written, instead).contains("\(preset)/\(rule)"))
  }

  @Test func `no rule of a preset is without a failing fixture`() {
    let all = PolicyPreset.allCases.flatMap(\.rules).map(\.id)
    #expect(Set(all) == Set(Self.presets.map { "\($0.preset)/\($0.rule)" }))
    #expect(Set(all).count == all.count)
  }

  @Test(arguments: [
    (
      "production: {preset: [SOC2]}",
      "1:14: production.preset: is not a field; did you mean presets?"
    ),
    (
      "production: {presets: [SOC3]}",
      "1:23: production.presets[0]: SOC3 is not known here; did you mean SOC2?"
    ),
    (
      "production: {promotion: require}",
      "1:25: production.promotion: require is not known here; did you mean required? Write one of "
        + "any, proven, required"
    ),
    (
      "development: {promotion: required}",
      "1:26: development.promotion: required asks for the environment before development, and "
        + "there is none; write proven or any"
    ),
    (
      "prod: {presets: [SOC2]}",
      "1:1: prod: is not a field; did you mean production?"
    ),
    (
      "production: {rules: {it: {field: security.encryption.atRst, is: true}}}",
      "1:34: production.rules.it.field: security.encryption.atRst is no field of an environment; "
        + "did you mean security.encryption.atRest?"
    ),
    (
      "production: {rules: {it: {field: security, is: true}}}",
      "1:34: production.rules.it.field: security is no field of an environment; "
        + "did you mean security.networkPolicy?"
    ),
    (
      "production: {rules: {it: {field: security.networkPolicy}}}",
      "1:26: production.rules.it: asks nothing of the field; "
        + "write one of is, oneOf, atLeast, atMost, includes, within"
    ),
    (
      "production: {rules: {it: {field: resources.orchestrator.replicas, atLeasx: 2}}}",
      "1:67: production.rules.it.atLeasx: is not a field; did you mean atLeast?"
    ),
    (
      "production: {rules: {it: {field: security.networkPolicy, onexf: [open]}}}",
      "1:58: production.rules.it.onexf: is not a field; did you mean oneOf?"
    ),
    (
      "production: {rules: {it: {field: security.compliance.standards, includex: [SOC2]}}}",
      "1:65: production.rules.it.includex: is not a field; did you mean includes?"
    ),
    (
      "production: {rules: {it: {field: security.compliance.standards, withix: [SOC2]}}}",
      "1:65: production.rules.it.withix: is not a field; did you mean within?"
    ),
    (
      "production: {rules: {it: {field: security.networkPolicy, ix: open}}}",
      "1:58: production.rules.it.ix: is not a field; did you mean is?"
    ),
    (
      "production: {rules: {it: {field: security.networkPolicy, is: open, atLeast: 2}}}",
      "1:26: production.rules.it: asks for is and atLeast; "
        + "write one of is, oneOf, atLeast, atMost, includes, within"
    ),
    (
      "production: {rules: {it: {field: security.networkPolicy, is: shut}}}",
      "1:62: production.rules.it.is: is not one of open, restricted, private; "
        + "see what security.networkPolicy takes with `stele config schema`"
    ),
    (
      "production: {rules: {it: {field: security.encryption.atRest, atLeast: 2}}}",
      "1:71: production.rules.it.atLeast: is no amount of that field; "
        + "see what security.encryption.atRest takes with `stele config schema`"
    ),
    (
      "production: {rules: {it: {field: resources.orchestrator.memory, atLeast: 512m}}}",
      "1:74: production.rules.it.atLeast: is no amount of that field; "
        + "see what resources.orchestrator.memory takes with `stele config schema`"
    ),
    (
      "production: {rules: {it: {field: security.compliance.standards, is: SOC2}}}",
      "1:69: production.rules.it.is: is one value, and that field is a list: say includes or "
        + "within; see what security.compliance.standards takes with `stele config schema`"
    ),
    (
      "production: {rules: {it: {field: description, includes: [a]}}}",
      "1:57: production.rules.it.includes: is for lists; "
        + "see what description takes with `stele config schema`"
    ),
    (
      "production: {capacity: {cpu: 2, memory: 1Gi}}",
      "1:24: production.capacity.storage: is missing; "
        + "write an amount such as 512Mi, 4Gi or 1G"
    ),
    (
      "production: {rules: {Two Words: {field: description, is: a}}}",
      "1:22: production.rules.Two Words: is not accepted, as a name; "
        + "write 1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends"
    ),
    (
      "production: {rules: {it: {field: description, is: [a]}}}",
      "1:51: production.rules.it.is: is a list; write one value"
    ),
    (
      "production: {freezeWindows: {it: {cron: 0 16 * * 8, durationHours: 1}}}",
      "1:41: production.freezeWindows.it.cron: 0 16 * * 8 has '8' for the day of the week, and it "
        + "takes numbers from 0 to 7; write five fields of cron, in UTC: minute, hour, day of the "
        + "month, month, day of the week"
    ),
    (
      "production: {freezeWindows: {it: {cron: 0 16 * * 5, durationHours: 2161}}}",
      "1:68: production.freezeWindows.it.durationHours: 2161 is out of range; write a number of "
        + "hours from 1/60 to 2160"
    ),
    (
      "production: {freezeWindows: {it: {cron: 0 16 * * 5, duration: 64}}}",
      "1:53: production.freezeWindows.it.duration: is not a field; did you mean durationHours?"
    ),
    (
      "production: {freezeWindows: {A b: {cron: 0 16 * * 5, durationHours: 64}}}",
      "1:30: production.freezeWindows.A b: is not accepted, as a name; write 1 to 63 of a-z, 0-9 "
        + "and -, with a letter or digit at both ends"
    ),
    (
      "production: {breakGlass: {}}",
      "1:26: production.breakGlass.reviewWithinHours: is missing; write a number of hours from "
        + "1/60 to 2160"
    ),
    (
      "production: {approvals: {expiryHours: 24}}",
      "1:25: production.approvals.quorum: is missing; write a whole number from 1 to 20"
    ),
    (
      "production: {approvals: {quorum: 0}}",
      "1:34: production.approvals.quorum: 0 is out of range; write a whole number from 1 to 20"
    ),
    (
      "production: {approvals: {quorum: 2, approvers: [01a2ce8b-d018-7ec1-bca8-f9437fcf6ca3]}}",
      "1:48: production.approvals.approvers: names 1, and the quorum is 2; name more people, or "
        + "ask for fewer"
    ),
    (
      "production: {approvals: {quorum: 1, approvers: [ada]}}",
      "1:49: production.approvals.approvers[0]: ada is not accepted; write an actor's id, as "
        + "`stele key list` has it"
    ),
    (
      "production: {approvals: {quorum: 1, separation: some}}",
      "1:49: production.approvals.separation: some is not known here; write one of all, "
        + "approver, none"
    ),
    ("", "1:1: the file is empty; write its fields as name: value"),
  ])
  func `a wrong policy has one clear problem`(text: String, problem: String) {
    #expect(problems(text) == [problem])
  }

  @Test func `a violation says rule, value, place and what would be right`() throws {
    let policy = try load(rule("field: security.networkPolicy, is: open, because: tests")).policy
    let loaded = try Sources.load(Sources.complete())
    let violation = try #require(policy.violations(by: loaded.configuration).first)
    let position = try #require(loaded.origins["security.networkPolicy"])

    #expect(
      "\(violation.problem(at: position, in: .production))"
        == "config/environments/production.yaml:33:18: security.networkPolicy: private breaks "
        + "production/it in production (tests); write open")
  }

  @Test func `what an environment may need is held against its capacity`() throws {
    let environment = try Sources.project.load(.production).configuration
    let application = try Sources.project.loadApplication().plan(for: environment)
    let configuration = ResolvedConfiguration(environment: environment, application: application)
    let peak = configuration.peak

    // Two orchestrators of 2 cores and 12 workers of 1.5, and blue-green once more with 3 workers.
    #expect(peak.milliCPU == 2 * 2_000 + 12 * 1_500 + 2 * 2_000 + 3 * 1_500)
    let enough = try load(capacity(cpu: "30.5")).policy
    let little = try load(capacity(cpu: "30.499")).policy
    #expect(enough.shortfalls(of: configuration) == [])
    #expect(
      little.shortfalls(of: configuration).map(\.description)
        == ["cpu: 30500m needed, 30499m available"])
    #expect(Policy.none.shortfalls(of: configuration) == [])
  }

  private func capacity(cpu: String) -> String {
    "everywhere: {capacity: {cpu: \(cpu), memory: 1Ti, storage: 1Pi}}"
  }

  @Test func `freeze windows of everywhere and of the environment count, in minutes`() throws {
    let policy = try load(
      """
      everywhere: {freezeWindows: {sale: {cron: "0 0 27 11 *", durationHours: 24}}}
      production:
        freezeWindows:
          weekend: {cron: 0  16 * * 5, durationHours: 0.5, because: nobody is at work}
      """
    ).policy
    let windows = policy.control(of: .production).freezeWindows

    #expect(
      windows.map(\.id.text)
        == ["everywhere/freezeWindows/sale", "production/freezeWindows/weekend"])
    #expect(windows.map(\.durationMinutes) == [1_440, 30])
    #expect(windows.last?.cron.text == "0 16 * * 5")
    #expect(windows.last?.because?.text == "nobody is at work")
    #expect(policy.control(of: .staging).freezeWindows.count == 1)
    #expect(Policy.none.control(of: .production).freezeWindows == [])
  }

  @Test func `approvals of the environment win over those of everywhere`() throws {
    let policy = try load(
      """
      everywhere: {approvals: {quorum: 1, separation: none}}
      production:
        approvals:
          quorum: 2
          approvers: [01a2ce8b-d018-7ec1-bca8-f9437fcf6ca3, 01a2ce8b-d018-7439-99ba-497f0075d699]
          expiryHours: 1.5
      """
    ).policy
    let production = try #require(policy.control(of: .production).approvals)
    let staging = try #require(policy.control(of: .staging).approvals)

    #expect(production.id.text == "production/approvals")
    #expect(production.quorum == 2)
    #expect(production.approvers?.count == 2)
    #expect(production.expiryMinutes == 90)
    #expect(production.separation == .all)
    #expect(staging.id.text == "everywhere/approvals")
    #expect(staging.approvers == nil)
    #expect(staging.expiryMinutes == 10_080)
    #expect(staging.separation == .none)
    #expect(policy.recorded["production"]?.objectValue?["approvals"] == production.json)
    #expect(policy.control(of: .production).breakGlass == nil)
  }

  @Test func `whether the glass may be broken is part of the digest too`() throws {
    let text = "everywhere: {breakGlass: {reviewWithinHours: 0.5}}"
    let policy = try load(text).policy
    let rule = try #require(policy.control(of: .production).breakGlass)

    #expect(rule.minutes == 30)
    #expect(rule.id.text == "everywhere/breakGlass")
    #expect(!policy.control(of: .production).asksAnything)
    #expect(policy.recorded["production"]?.objectValue?["breakGlass"] == rule.json)
    #expect(try BreakGlassRule(json: rule.json) == rule)
    var data = rule.data
    data["value"] = ["minutes": 0]
    #expect(throws: FormFault.self) { try BreakGlassRule(data: data) }
  }

  @Test func `a freeze window is part of the digest, and without one it is what it was`() throws {
    let text = rule("field: description, is: x")
    let frozen = text.dropLast() + ", freezeWindows: {a: {cron: 0 0 1 1 *, durationHours: 1}}}"

    #expect(try load(String(frozen)).policy.digest != load(text).policy.digest)
    #expect(
      try load(text).policy.digest.description
        == "sha256:8396f7435389c730a1fc079f915f3a1d99d58b36a118b7e5f8ea71d93b452704")
  }

  @Test func `the digest is of what the rules say, not of how the file says it`() throws {
    let one = try load(rule("field: description, is: x"))
    let same = try load("# a comment\nproduction:\n  rules:\n    it: {is: x, field: description}\n")
    let other = try load(rule("field: description, is: z"))

    #expect(one.policy.digest == same.policy.digest)
    #expect(one.policy.digest != other.policy.digest)
    #expect(
      try JSONValue.object(one.policy.recorded).canonicalText().contains(
        #"{"condition":"is","field":"description","id":"production/it","value":"x"}"#))
  }
}
