extension Observability {
  static let fieldNames = "logging, metrics and tracing"

  init?(reading section: SettingSection) {
    let logging = Logging(reading: section.section("logging", of: "level, destination and format"))
    let metrics = Metrics(
      reading: section.section("metrics", of: "enabled, endpoint, interval and retention"))
    let tracing = Tracing(
      reading: section.section("tracing", of: "enabled, endpoint and sampleRate"))
    section.refuseOthers()
    guard let logging, let metrics, let tracing else { return nil }
    self.init(logging: logging, metrics: metrics, tracing: tracing)
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    let logging = try section.section("logging")
    let metrics = try section.section("metrics")
    let tracing = try section.section("tracing")
    self.init(
      logging: Logging(
        level: try logging.choice("level"), destination: try logging.text("destination"),
        format: try logging.choice("format")),
      metrics: Metrics(
        isEnabled: try metrics.flag("enabled"), endpoint: try metrics.text("endpoint"),
        intervalMs: try metrics.whole("intervalMs"),
        retentionDays: try metrics.whole("retentionDays")),
      tracing: Tracing(
        isEnabled: try tracing.flag("enabled"), endpoint: try tracing.text("endpoint"),
        sampleRatePpm: try tracing.whole("sampleRatePpm")))
  }
}

extension Observability.Logging {
  init?(reading section: SettingSection) {
    let level = section.choice("level", of: Level.self)
    let destination = section.text("destination", .label)
    let format = section.choice("format", of: Format.self)
    section.refuseOthers()
    guard let level, let destination, let format else { return nil }
    self.init(level: level, destination: destination, format: format)
  }
}

extension Observability.Metrics {
  init?(reading section: SettingSection) {
    let isEnabled = section.flag("enabled")
    let endpoint = section.endpoint(
      "endpoint", schemes: ["http", "https"], isEmptyAllowed: isEnabled != true)
    let interval = section.seconds("interval", inMilliseconds: 100...86_400_000)
    let retention = section.whole("retention", in: 1...36_500, unit: "days")
    section.refuseOthers()
    section.keeps(.excludes(["enabled": .flag(true), "endpoint": .text("")]))
    guard let isEnabled, let endpoint, let interval, let retention else { return nil }
    self.init(
      isEnabled: isEnabled, endpoint: endpoint, intervalMs: interval, retentionDays: retention)
  }
}

extension Observability.Tracing {
  init?(reading section: SettingSection) {
    let isEnabled = section.flag("enabled")
    let endpoint = section.endpoint(
      "endpoint", schemes: ["http", "https", "grpc"], isEmptyAllowed: isEnabled != true)
    let rate = section.share("sampleRate")
    section.refuseOthers()
    section.keeps(.excludes(["enabled": .flag(true), "endpoint": .text("")]))
    guard let isEnabled, let endpoint, let rate else { return nil }
    self.init(isEnabled: isEnabled, endpoint: endpoint, sampleRatePpm: rate)
  }
}
