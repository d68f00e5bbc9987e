/// How changes reach an environment, and what happens when one fails.
package struct DeploymentSettings: Hashable, Sendable {
  package let strategy: Strategy
  /// Begins with `/`; asked of every replica that answers HTTP.
  package let healthCheckPath: String
  /// 100...3,600,000.
  package let healthCheckIntervalMs: Int
  /// 100...3,600,000, at most ``healthCheckIntervalMs``.
  package let healthCheckTimeoutMs: Int
  package let rollback: Rollback

  package enum Strategy: String, Hashable, Sendable, CaseIterable {
    case rolling
    case blueGreen = "blue-green"
    case canary
  }

  package struct Rollback: Hashable, Sendable {
    package let isEnabled: Bool
    /// 6,000...86,400,000: a tenth of a minute to a day.
    package let timeoutMs: Int
    /// Only where rollback is enabled.
    package let isAutomatic: Bool
  }
}

extension DeploymentSettings {
  static let fieldNames =
    "strategy, healthCheckPath, healthCheckInterval, healthCheckTimeout and rollback"

  init?(reading section: SettingSection) {
    let strategy = section.choice("strategy", of: Strategy.self)
    let path = section.text("healthCheckPath", .requestPath)
    let interval = section.seconds("healthCheckInterval", inMilliseconds: 100...3_600_000)
    let timeout = section.seconds("healthCheckTimeout", inMilliseconds: 100...3_600_000)
    let rollback = Rollback(
      reading: section.section("rollback", of: "enabled, timeout and automatic"))
    section.refuseOthers()
    if let interval, let timeout, timeout > interval {
      let limit = DecimalNumber.text(of: interval, per: 1_000)
      section.report(
        "healthCheckTimeout", .contradiction, found: DecimalNumber.text(of: timeout, per: 1_000),
        "is longer than healthCheckInterval \(limit), so that checks would overlap",
        remedy: "write \(limit) or less")
    }
    guard let strategy, let path, let interval, let timeout, let rollback else { return nil }
    self.init(
      strategy: strategy, healthCheckPath: path, healthCheckIntervalMs: interval,
      healthCheckTimeoutMs: timeout, rollback: rollback)
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    let rollback = try section.section("rollback")
    self.init(
      strategy: try section.choice("strategy"),
      healthCheckPath: try section.text("healthCheckPath"),
      healthCheckIntervalMs: try section.whole("healthCheckIntervalMs"),
      healthCheckTimeoutMs: try section.whole("healthCheckTimeoutMs"),
      rollback: Rollback(
        isEnabled: try rollback.flag("enabled"), timeoutMs: try rollback.whole("timeoutMs"),
        isAutomatic: try rollback.flag("automatic")))
  }

  var fields: [ConfigurationField] {
    [
      .init("strategy", .text(strategy.rawValue)),
      .init("healthCheckPath", .text(healthCheckPath)),
      .init("healthCheckInterval", .milliseconds(healthCheckIntervalMs, per: .second)),
      .init("healthCheckTimeout", .milliseconds(healthCheckTimeoutMs, per: .second)),
      .init(
        "rollback",
        .section([
          .init("enabled", .flag(rollback.isEnabled)),
          .init("timeout", .milliseconds(rollback.timeoutMs, per: .minute)),
          .init("automatic", .flag(rollback.isAutomatic)),
        ])),
    ]
  }
}

extension DeploymentSettings.Rollback {
  init?(reading section: SettingSection) {
    let isEnabled = section.flag("enabled")
    let timeout = section.minutes("timeout", inMilliseconds: 6_000...86_400_000)
    let isAutomatic = section.flag("automatic")
    section.refuseOthers()
    section.keeps(.excludes(["enabled": .flag(false), "automatic": .flag(true)]))
    if isEnabled == false, isAutomatic == true {
      section.report(
        "automatic", .contradiction, found: "true", "needs rollback, which is not enabled",
        remedy: "write false, or enabled: true")
    }
    guard let isEnabled, let timeout, let isAutomatic else { return nil }
    self.init(isEnabled: isEnabled, timeoutMs: timeout, isAutomatic: isAutomatic)
  }
}
