import CanonicalJSON

/// What a configuration was held against before it was recorded or deployed, and what came out.
///
/// The rules are in it, so that anybody can decide again, whatever became of the file.
package struct PolicyDecided: EventPayload {
  package static let kind: EventKind = "policy.decided.v1"

  /// Digest of the resolved configuration that was judged.
  package let configuration: ContentDigest
  package let decision: AccessVerdict
  /// Digest of the plan that was judged; absent where only a configuration was recorded.
  package let plan: ContentDigest?
  /// Digest of the whole policy, all environments.
  package let policy: ContentDigest
  /// The rules of this environment, presets expanded, as they were then.
  package let rules: [JSONObject]
  /// What there is of each resource, by name with its unit; absent where the policy does not say.
  package let capacity: JSONObject?
  /// What the month had cost then, which retention may prune from where it was recorded; absent
  /// where there is no budget or nothing was to be deployed.
  package let spent: Spent?
  /// Ids of the rules that were broken and passed over, as somebody broke the glass; absent where
  /// nobody did.
  package let passed: [MachineWords]?
  /// Every other rule that was broken; empty exactly where the decision is allow.
  package let violations: [Violation]

  package struct Violation: ObjectValue {
    /// `SOC2/encryption-at-rest`.
    package let rule: MachineWords
    /// Where the value stands: `security.encryption.atRest`.
    package let field: MachineWords
    /// As files write it; absent where there was no value.
    package let found: MachineWords?

    package init(rule: MachineWords, field: MachineWords, found: MachineWords?) {
      self.rule = rule
      self.field = field
      self.found = found
    }

    package init(fields: inout FieldReader) throws(FormFault) {
      field = try fields.take("field")
      found = try fields.takeOptional("found")
      rule = try fields.take("rule")
    }

    package func write(to fields: inout FieldWriter) {
      fields.put("field", field)
      fields.put("found", found)
      fields.put("rule", rule)
    }
  }

  /// What was known of a month's costs.
  package struct Spent: ObjectValue {
    /// By currency, ascending; empty where nothing is known.
    package let amounts: [Money]
    /// The month's first moment.
    package let from: Timestamp
    /// The end of the newest day with a known cost; absent where there is none.
    package let knownUntil: Timestamp?
    /// The first moment of the next month.
    package let until: Timestamp

    package init(
      amounts: [Money], from: Timestamp, until: Timestamp, knownUntil: Timestamp?
    ) {
      self.amounts = amounts
      self.from = from
      self.knownUntil = knownUntil
      self.until = until
    }

    package init(fields: inout FieldReader) throws(FormFault) {
      amounts = try fields.take("amounts")
      from = try fields.take("from")
      knownUntil = try fields.takeOptional("knownUntil")
      until = try fields.take("until")
    }

    package func write(to fields: inout FieldWriter) {
      fields.put("amounts", amounts)
      fields.put("from", from)
      fields.put("knownUntil", knownUntil)
      fields.put("until", until)
    }
  }

  package init(
    configuration: ContentDigest, policy: ContentDigest, rules: [JSONObject],
    capacity: JSONObject?, spent: Spent? = nil, plan: ContentDigest? = nil,
    passed: [MachineWords]? = nil, violations: [Violation]
  ) {
    self.configuration = configuration
    self.policy = policy
    self.rules = rules
    self.capacity = capacity
    self.spent = spent
    self.plan = plan
    self.passed = passed
    self.violations = violations
    decision = violations.isEmpty ? .allow : .deny
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    capacity = try fields.takeOptional("capacity")
    configuration = try fields.take("configuration")
    decision = try fields.take("decision")
    passed = try fields.takeOptional("passed")
    plan = try fields.takeOptional("plan")
    policy = try fields.take("policy")
    rules = try fields.take("rules")
    spent = try fields.takeOptional("spent")
    violations = try fields.take("violations")
    guard violations.isEmpty == (decision == .allow) else {
      throw FormFault.field(path: "violations", expected: "none exactly where it is allowed")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("capacity", capacity)
    fields.put("configuration", configuration)
    fields.put("decision", decision)
    fields.put("passed", passed)
    fields.put("plan", plan)
    fields.put("policy", policy)
    fields.put("rules", rules)
    fields.put("spent", spent)
    fields.put("violations", violations)
  }
}
