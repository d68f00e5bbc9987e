import CanonicalJSON

/// What a configuration was held against before it was recorded or deployed, and what came out.
///
/// The rules are in it, so that anybody can decide again, whatever became of the file.
package struct PolicyDecided: EventPayload {
  package static let kind: EventKind = "policy.decided.v1"

  /// Digest of the resolved configuration that was judged.
  package let configuration: ContentDigest
  package let decision: AccessVerdict
  /// Digest of the whole policy, all environments.
  package let policy: ContentDigest
  /// The rules of this environment, presets expanded, as they were then.
  package let rules: [JSONObject]
  /// What there is of each resource, by name with its unit; absent where the policy does not say.
  package let capacity: JSONObject?
  /// Every rule that was broken; empty exactly where the decision is allow.
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

  package init(
    configuration: ContentDigest, policy: ContentDigest, rules: [JSONObject],
    capacity: JSONObject?, violations: [Violation]
  ) {
    self.configuration = configuration
    self.policy = policy
    self.rules = rules
    self.capacity = capacity
    self.violations = violations
    decision = violations.isEmpty ? .allow : .deny
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    capacity = try fields.takeOptional("capacity")
    configuration = try fields.take("configuration")
    decision = try fields.take("decision")
    policy = try fields.take("policy")
    rules = try fields.take("rules")
    violations = try fields.take("violations")
    guard violations.isEmpty == (decision == .allow) else {
      throw FormFault.field(path: "violations", expected: "none exactly where it is allowed")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("capacity", capacity)
    fields.put("configuration", configuration)
    fields.put("decision", decision)
    fields.put("policy", policy)
    fields.put("rules", rules)
    fields.put("violations", violations)
  }
}
