/// Rules that a standard leads to, as far as a configuration shows them.
///
/// In our own words, with the clause that each supports; keeping them is no proof of compliance.
package enum PolicyPreset: String, Hashable, Sendable, CaseIterable {
  case soc2 = "SOC2"
  case iso27001 = "ISO27001"
  case gdpr = "GDPR"

  package var rules: [PolicyRule] {
    switch self {
    case .soc2: Self.soc2Rules
    case .iso27001: Self.iso27001Rules
    case .gdpr: Self.gdprRules
    }
  }

  private static let soc2Rules: [PolicyRule] = [
    rule(.soc2, "encryption-at-rest", encryptionAtRest, .is("true"), "supports CC6.1"),
    rule(.soc2, "encryption-in-transit", encryptionInTransit, .is("true"), "supports CC6.7"),
    rule(.soc2, "boundary", networkPolicy, .oneOf(["restricted", "private"]), "supports CC6.6"),
    rule(.soc2, "audit-logging", auditLogging, .is("true"), "supports CC7.2"),
    rule(.soc2, "monitoring", "resources.monitoring.enabled", .is("true"), "supports CC7.2"),
    rule(.soc2, "alerting", "resources.monitoring.alerting", .is("true"), "supports CC7.3"),
    rule(.soc2, "evidence-retention", dataRetention, .atLeast("365"), "a period is a year"),
    rule(.soc2, "rollback", "deployment.rollback.enabled", .is("true"), "supports CC7.5"),
    rule(.soc2, "backups", backupRetention, .atLeast("7"), "supports A1.2"),
  ]

  private static let iso27001Rules: [PolicyRule] = [
    rule(.iso27001, "encryption-at-rest", encryptionAtRest, .is("true"), "supports A.8.24"),
    rule(.iso27001, "encryption-in-transit", encryptionInTransit, .is("true"), "supports A.8.24"),
    rule(
      .iso27001, "networks", networkPolicy, .oneOf(["restricted", "private"]), "supports A.8.20"),
    rule(
      .iso27001, "authentication", "security.authentication.method", .oneOf(["oauth", "saml"]),
      "supports A.8.5: people are known by name"),
    rule(.iso27001, "audit-logging", auditLogging, .is("true"), "supports A.8.15"),
    rule(.iso27001, "monitoring", "resources.monitoring.enabled", .is("true"), "supports A.8.16"),
    rule(.iso27001, "backups", backupRetention, .atLeast("7"), "supports A.8.13"),
  ]

  private static let gdprRules: [PolicyRule] = [
    rule(.gdpr, "encryption-at-rest", encryptionAtRest, .is("true"), "supports Art. 32(1)(a)"),
    rule(
      .gdpr, "encryption-in-transit", encryptionInTransit, .is("true"), "supports Art. 32(1)(a)"),
    rule(.gdpr, "networks", networkPolicy, .oneOf(["restricted", "private"]), "supports Art. 32"),
    rule(.gdpr, "storage-limitation", dataRetention, .atMost("3650"), "supports Art. 5(1)(e)"),
    rule(
      .gdpr, "log-minimisation", "observability.logging.level", .oneOf(["info", "warn", "error"]),
      "supports Art. 5(1)(c): debugging logs hold whatever passes by"),
  ]

  private static let encryptionAtRest = "security.encryption.atRest"
  private static let encryptionInTransit = "security.encryption.inTransit"
  private static let networkPolicy = "security.networkPolicy"
  private static let auditLogging = "security.compliance.auditLogging"
  private static let dataRetention = "security.compliance.dataRetention"
  private static let backupRetention = "resources.database.backupRetention"

  private static func rule(
    _ preset: PolicyPreset, _ name: String, _ field: String, _ condition: PolicyCondition,
    _ because: String
  ) -> PolicyRule {
    PolicyRule(
      id: "\(preset.rawValue)/\(name)", field: field, condition: condition, because: because)
  }
}
