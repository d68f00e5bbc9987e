import Events

/// How often each environment was asked for something, and the newest answer.
package struct AccessDecisions: Projection {
  package struct Tally: Hashable, Sendable {
    package internal(set) var allowed = 0
    package internal(set) var denied = 0
    /// Version of the environment's decision stream.
    package internal(set) var version = 0
  }

  /// `0` of the stream's name, for what concerns no environment, is nil here.
  private var byEnvironment: [EnvironmentName?: Tally] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .access(.decided(let decided)) = recorded.event else { return }
    var tally = byEnvironment[recorded.environment] ?? Tally()
    switch decided.decision {
    case .allow: tally.allowed += decided.count
    case .deny: tally.denied += decided.count
    }
    tally.version = recorded.version
    byEnvironment[recorded.environment] = tally
  }

  package func tally(of environment: EnvironmentName?) -> Tally {
    byEnvironment[environment] ?? Tally()
  }
}
