extension Security {
  static let fieldNames = "networkPolicy, authentication, encryption and compliance"

  init?(reading section: SettingSection) {
    let networkPolicy = section.choice("networkPolicy", of: NetworkPolicy.self)
    let authentication = Authentication(
      reading: section.section("authentication", of: "method and providers"))
    let encryption = Encryption(
      reading: section.section("encryption", of: "atRest, inTransit and keyManagement"))
    let compliance = Compliance(
      reading: section.section("compliance", of: "standards, auditLogging and dataRetention"))
    section.refuseOthers()
    guard let networkPolicy, let authentication, let encryption, let compliance else { return nil }
    self.init(
      networkPolicy: networkPolicy, authentication: authentication, encryption: encryption,
      compliance: compliance)
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    let authentication = try section.section("authentication")
    let encryption = try section.section("encryption")
    let compliance = try section.section("compliance")
    self.init(
      networkPolicy: try section.choice("networkPolicy"),
      authentication: Authentication(
        method: try authentication.choice("method"),
        providers: try authentication.texts("providers")),
      encryption: Encryption(
        isAtRest: try encryption.flag("atRest"), isInTransit: try encryption.flag("inTransit"),
        keyManagement: try encryption.text("keyManagement")),
      compliance: Compliance(
        standards: try compliance.texts("standards"),
        isAuditLogging: try compliance.flag("auditLogging"),
        dataRetentionDays: try compliance.whole("dataRetentionDays")))
  }
}

extension Security.Authentication {
  init?(reading section: SettingSection) {
    let method = section.choice("method", of: Method.self)
    let providers = section.texts("providers", .label, isEmptyAllowed: false)
    section.refuseOthers()
    guard let method, let providers else { return nil }
    self.init(method: method, providers: providers)
  }
}

extension Security.Encryption {
  init?(reading section: SettingSection) {
    let isAtRest = section.flag("atRest")
    let isInTransit = section.flag("inTransit")
    let keyManagement = section.text("keyManagement", .label)
    section.refuseOthers()
    section.keeps(.excludes(["atRest": .flag(true), "keyManagement": .text("none")]))
    if isAtRest == true, keyManagement == "none" {
      section.report(
        "keyManagement", .contradiction, found: "none", "keeps no key, and atRest needs one",
        remedy: "name the system that keeps keys, or write atRest: false")
    }
    guard let isAtRest, let isInTransit, let keyManagement else { return nil }
    self.init(isAtRest: isAtRest, isInTransit: isInTransit, keyManagement: keyManagement)
  }
}

extension Security.Compliance {
  init?(reading section: SettingSection) {
    let standards = section.texts("standards", .label, isEmptyAllowed: true)
    let isAuditLogging = section.flag("auditLogging")
    let retention = section.whole("dataRetention", in: 1...36_500, unit: "days")
    section.refuseOthers()
    guard let standards, let isAuditLogging, let retention else { return nil }
    self.init(
      standards: standards, isAuditLogging: isAuditLogging, dataRetentionDays: retention)
  }
}
