/// Who gets in, what is encrypted, and what is kept for auditors.
package struct Security: Hashable, Sendable {
  package let networkPolicy: NetworkPolicy
  package let authentication: Authentication
  package let encryption: Encryption
  package let compliance: Compliance

  package enum NetworkPolicy: String, Hashable, Sendable, CaseIterable {
    case open
    case restricted
    case `private`
  }

  package struct Authentication: Hashable, Sendable {
    package let method: Method
    /// Distinct, at least one.
    package let providers: [String]

    package enum Method: String, Hashable, Sendable, CaseIterable {
      case oauth
      case saml
      case apiKeys = "api-keys"
    }
  }

  package struct Encryption: Hashable, Sendable {
    package let isAtRest: Bool
    package let isInTransit: Bool
    /// The name of the system that keeps keys; `none` only where nothing is encrypted at rest.
    package let keyManagement: String
  }

  package struct Compliance: Hashable, Sendable {
    /// Distinct, may be empty: `SOC2`, `ISO27001`, `GDPR`.
    package let standards: [String]
    package let isAuditLogging: Bool
    /// 1...36,500.
    package let dataRetentionDays: Int
  }
}

extension Security {
  var fields: [ConfigurationField] {
    [
      .init("networkPolicy", .text(networkPolicy.rawValue)),
      .init(
        "authentication",
        .section([
          .init("method", .text(authentication.method.rawValue)),
          .init("providers", .texts(authentication.providers)),
        ])),
      .init(
        "encryption",
        .section([
          .init("atRest", .flag(encryption.isAtRest)),
          .init("inTransit", .flag(encryption.isInTransit)),
          .init("keyManagement", .text(encryption.keyManagement)),
        ])),
      .init(
        "compliance",
        .section([
          .init("standards", .texts(compliance.standards)),
          .init("auditLogging", .flag(compliance.isAuditLogging)),
          .init("dataRetention", .days(compliance.dataRetentionDays)),
        ])),
    ]
  }
}
