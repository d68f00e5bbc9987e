import CanonicalJSON

/// How patient a rollout is: what `rollout:` in `application.yaml` says, each with a default.
///
/// | Field | Default | Range |
/// |---|---|---|
/// | `healthyThreshold` | 2 | 1...20 |
/// | `unhealthyThreshold` | 3 | 1...20 |
/// | `startupDeadlineSeconds` | 60 | 1...3,600 |
/// | `bakeSeconds` | 10 | 0...86,400 |
/// | `drainSeconds` | 10 | 0...3,600 |
/// | `stopGraceSeconds` | 10 | 0...600 |
/// | `maxSurge` | 1 | 1...100 |
///
/// Under `environments:`, the same fields may be given for one environment alone.
package struct RolloutSettings: Hashable, Sendable {
  /// Passed probes in a row that prove a new replica healthy.
  package let healthyThreshold: Int
  /// Failed probes in a row that take a healthy replica's health away.
  package let unhealthyThreshold: Int
  /// How long a started replica may take until it is healthy.
  package let startupDeadlineMs: Int
  /// How long a new release is watched under traffic before the old one goes.
  package let bakeMs: Int
  /// How long requests under way may take before a replica that left traffic is stopped.
  package let drainMs: Int
  /// How long a replica may take to end after it was asked to, before it is killed.
  package let stopGraceMs: Int
  /// How many replicas a rolling rollout may run above the wanted count.
  package let maxSurge: Int

  package static let standard = RolloutSettings(
    healthyThreshold: 2, unhealthyThreshold: 3, startupDeadlineMs: 60_000, bakeMs: 10_000,
    drainMs: 10_000, stopGraceMs: 10_000, maxSurge: 1)
}

extension RolloutSettings {
  /// Reads the fields that are given; the others keep the value that `standard` has.
  init?(reading section: SettingSection, over standard: RolloutSettings) {
    let healthy = section.whole(
      "healthyThreshold", in: 1...20, orElse: standard.healthyThreshold)
    let unhealthy = section.whole(
      "unhealthyThreshold", in: 1...20, orElse: standard.unhealthyThreshold)
    let startup = section.seconds(
      "startupDeadlineSeconds", inMilliseconds: 1_000...3_600_000,
      orElse: standard.startupDeadlineMs)
    let bake = section.seconds(
      "bakeSeconds", inMilliseconds: 0...86_400_000, orElse: standard.bakeMs)
    let drain = section.seconds(
      "drainSeconds", inMilliseconds: 0...3_600_000, orElse: standard.drainMs)
    let grace = section.seconds(
      "stopGraceSeconds", inMilliseconds: 0...600_000, orElse: standard.stopGraceMs)
    let surge = section.whole("maxSurge", in: 1...100, orElse: standard.maxSurge)
    guard let healthy, let unhealthy, let startup, let bake, let drain, let grace, let surge
    else { return nil }
    self.init(
      healthyThreshold: healthy, unhealthyThreshold: unhealthy, startupDeadlineMs: startup,
      bakeMs: bake, drainMs: drain, stopGraceMs: grace, maxSurge: surge)
  }

  init(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    self.init(
      healthyThreshold: try section.whole("healthyThreshold"),
      unhealthyThreshold: try section.whole("unhealthyThreshold"),
      startupDeadlineMs: try section.whole("startupDeadlineMs"),
      bakeMs: try section.whole("bakeMs"), drainMs: try section.whole("drainMs"),
      stopGraceMs: try section.whole("stopGraceMs"), maxSurge: try section.whole("maxSurge"))
  }

  var recorded: JSONObject {
    [
      "bakeMs": .integer(Int64(bakeMs)), "drainMs": .integer(Int64(drainMs)),
      "healthyThreshold": .integer(Int64(healthyThreshold)),
      "maxSurge": .integer(Int64(maxSurge)),
      "startupDeadlineMs": .integer(Int64(startupDeadlineMs)),
      "stopGraceMs": .integer(Int64(stopGraceMs)),
      "unhealthyThreshold": .integer(Int64(unhealthyThreshold)),
    ]
  }
}
