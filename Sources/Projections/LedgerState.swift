import Events

/// Every answer at one position of the ledger: one pass over the events serves all.
package struct LedgerState: Projection {
  package private(set) var keys = Keys()
  package private(set) var grants = Grants()
  package private(set) var decisions = AccessDecisions()
  package private(set) var builds = Builds()
  package private(set) var configurations = Configurations()
  package private(set) var releases = Releases()
  package private(set) var running = RunningReleases()
  package private(set) var deployments = Deployments()
  package private(set) var leases = Leases()
  package private(set) var health = HealthStates()

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    switch recorded.event {
    case .key: keys.apply(recorded)
    case .access:
      grants.apply(recorded)
      decisions.apply(recorded)
    case .build: builds.apply(recorded)
    case .configuration: configurations.apply(recorded)
    case .release: releases.apply(recorded)
    case .deployment:
      releases.apply(recorded)
      running.apply(recorded)
      deployments.apply(recorded)
      health.apply(recorded)
    case .lease: leases.apply(recorded)
    case .health: health.apply(recorded)
    case .ledger, .approval, .replica, .usage, .cost, .retention, .privacy, .unknown, .unreadable:
      break  // No answer here depends on them.
    }
  }
}
