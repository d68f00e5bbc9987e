/// What an environment says about itself, where to, and for how long it is kept.
package struct Observability: Hashable, Sendable {
  package let logging: Logging
  package let metrics: Metrics
  package let tracing: Tracing

  package struct Logging: Hashable, Sendable {
    package let level: Level
    /// What the application understands: `stdout`, a file, a URL.
    package let destination: String
    package let format: Format

    package enum Level: String, Hashable, Sendable, CaseIterable {
      case debug
      case info
      case warn
      case error
    }

    package enum Format: String, Hashable, Sendable, CaseIterable {
      case json
      case pretty
    }
  }

  package struct Metrics: Hashable, Sendable {
    package let isEnabled: Bool
    /// An absolute URL; may be empty where metrics are not enabled.
    package let endpoint: String
    /// 100...86,400,000.
    package let intervalMs: Int
    /// 1...36,500.
    package let retentionDays: Int
  }

  package struct Tracing: Hashable, Sendable {
    package let isEnabled: Bool
    /// An absolute URL; may be empty where tracing is not enabled.
    package let endpoint: String
    /// Share of requests that are traced, 0...1,000,000 parts per million.
    package let sampleRatePpm: Int
  }
}

extension Observability {
  var fields: [ConfigurationField] {
    [
      .init(
        "logging",
        .section([
          .init("level", .text(logging.level.rawValue)),
          .init("destination", .text(logging.destination)),
          .init("format", .text(logging.format.rawValue)),
        ])),
      .init(
        "metrics",
        .section([
          .init("enabled", .flag(metrics.isEnabled)),
          .init("endpoint", .text(metrics.endpoint)),
          .init("interval", .milliseconds(metrics.intervalMs, per: .second)),
          .init("retention", .days(metrics.retentionDays)),
        ])),
      .init(
        "tracing",
        .section([
          .init("enabled", .flag(tracing.isEnabled)),
          .init("endpoint", .text(tracing.endpoint)),
          .init("sampleRate", .partsPerMillion(tracing.sampleRatePpm)),
        ])),
    ]
  }
}
