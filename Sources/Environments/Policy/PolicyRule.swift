import CanonicalJSON

/// One thing that must hold in an environment.
package struct PolicyRule: Hashable, Sendable {
  /// `SOC2/encryption-at-rest` where a preset has it, `production/regions` where the file does.
  package let id: String
  /// Dotted, as files spell it.
  package let field: String
  package let condition: PolicyCondition
  /// Why, for those who meet it.
  package let because: String?

  /// As `policy.decided` has it.
  package var recorded: JSONObject {
    var object: JSONObject = [
      "condition": .string(condition.name), "field": .string(field), "id": .string(id),
      "value": condition.recordedValue,
    ]
    object["because"] = because.map { .string($0) }
    return object
  }
}

/// A rule that an environment breaks, with the value that breaks it.
package struct PolicyViolation: Hashable, Sendable {
  package let rule: PolicyRule
  /// As files write it; nil where it is not there at all.
  package let found: String?

  /// - Parameters:
  ///   - position: Where the value was written, which may be for several environments.
  ///   - environment: The one that breaks the rule.
  package func problem(
    at position: SourcePosition, in environment: KnownEnvironment
  ) -> SettingProblem {
    let reason = rule.because.map { " (\($0))" } ?? ""
    let broken = "breaks \(rule.id) in \(environment)\(reason)"
    return SettingProblem(
      at: position, path: rule.field, kind: .policyViolation, found: found,
      complaint: found == nil ? "is not there, which \(broken)" : broken,
      remedy: "write \(rule.condition.wanted)")
  }
}
