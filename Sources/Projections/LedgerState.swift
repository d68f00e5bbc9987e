import CanonicalJSON
import Events

/// Every answer at one position of the ledger: one pass over the events serves all.
package struct LedgerState: Projection {
  package static let name = "ledger-state"
  /// Rises with every projection in it.
  package static let revision =
    Keys.revision + Grants.revision + AccessDecisions.revision + Builds.revision
    + Configurations.revision + Releases.revision + RunningReleases.revision
    + Deployments.revision + Leases.revision + HealthStates.revision + Approvals.revision
    + Reviews.revision + Secrets.revision + Identities.revision + Drifts.revision
    + Policies.revision
    + Streams.revision

  /// How many entries have been taken in: the position of the next.
  package internal(set) var size = 0
  /// How many events had data that this version cannot read, and so are in no answer.
  package internal(set) var unreadable = 0
  package internal(set) var keys = Keys()
  package internal(set) var grants = Grants()
  package internal(set) var decisions = AccessDecisions()
  package internal(set) var builds = Builds()
  package internal(set) var configurations = Configurations()
  package internal(set) var releases = Releases()
  package internal(set) var running = RunningReleases()
  package internal(set) var deployments = Deployments()
  package internal(set) var leases = Leases()
  package internal(set) var health = HealthStates()
  package internal(set) var approvals = Approvals()
  package internal(set) var reviews = Reviews()
  package internal(set) var secrets = Secrets()
  package internal(set) var identities = Identities()
  package internal(set) var drifts = Drifts()
  package internal(set) var policies = Policies()
  package internal(set) var streams = Streams()

  package init() {}

  /// The configuration that is wanted in `place` and not what runs there.
  package func pendingConfiguration(in place: Place) -> Configurations.Applied? {
    guard let latest = configurations.latest(in: place) else { return nil }
    // What a rollback has brought back may stand under two numbers.
    let runs = running.running(in: place).flatMap {
      configurations.version($0.configurationVersion, in: place)
    }
    return runs?.digest == latest.digest ? nil : latest
  }

  /// What became of a release; of a mere wish, whether it still waits.
  package func outcome(of release: Releases.Release, in place: Place) -> Releases.Outcome {
    let version = release.configurationVersion
    guard release.outcome == .pending, version != pendingConfiguration(in: place)?.version else {
      return release.outcome
    }
    let isTaken = releases.all(in: place).dropFirst(release.number).contains {
      $0.deployment != nil && $0.configurationVersion == version
    }
    return isTaken ? .deployed : .superseded
  }

  /// Takes in the next event; those of one entry all, before anybody asks.
  package mutating func apply(_ recorded: Recorded) {
    size = recorded.position + 1
    streams.apply(recorded)
    switch recorded.event {
    case .key: keys.apply(recorded)
    case .access:
      grants.apply(recorded)
      decisions.apply(recorded)
      identities.apply(recorded)
    case .build: builds.apply(recorded)
    case .configuration:
      configurations.apply(recorded)
      releases.apply(recorded)
    case .release:
      releases.apply(recorded)
      approvals.apply(recorded)
    case .approval: approvals.apply(recorded)
    case .policy:
      approvals.apply(recorded)
      policies.apply(recorded)
    case .review: reviews.apply(recorded)
    case .secret: secrets.apply(recorded)
    case .deployment:
      releases.apply(recorded)
      running.apply(recorded)
      deployments.apply(recorded)
      health.apply(recorded)
    case .lease:
      leases.apply(recorded)
      deployments.apply(recorded)
    case .health:
      deployments.apply(recorded)
      health.apply(recorded)
    case .replica, .sync: health.apply(recorded)
    case .drift: drifts.apply(recorded)
    case .unreadable: unreadable += 1
    case .ledger, .router, .usage, .cost, .retention, .privacy, .unknown:
      break  // No answer here depends on them.
    }
  }
}
