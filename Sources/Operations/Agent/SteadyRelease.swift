import Environments
import Events
import Projections

/// What an agent keeps up while no driver changes it, as the ledger has it.
struct SteadyRelease {
  let place: Place
  let running: RunningReleases.Running
  let configuration: ResolvedConfiguration
  /// The deployment that nobody drives any more: its proven predecessor is kept up, and the rest is
  /// left to `stele recover`. nil when none is open.
  let abandoned: DeploymentID?
  /// Of the place's lease stream: everybody who begins to drive moves it on.
  private let leaseVersion: Int

  var limits: HealthLimits { HealthLimits(configuration) }

  /// - Returns: nil when nothing runs in the environment, a driver that lives holds its lease, or
  ///   one that is gone left nothing that was ever proven.
  /// - Throws: What keeps its configuration from being acted by.
  init?(of environment: EnvironmentName, in state: LedgerState, at now: Timestamp) throws {
    guard let place = state.running.places.first(where: { $0.environment == environment }),
      state.leases.lease(in: place)?.isDriven(at: now) != true,
      let running = state.running.running(in: place),
      let applied = state.configurations.version(running.configurationVersion, in: place)
    else { return nil }
    self.place = place
    self.running = running
    abandoned = state.deployments.open(in: place)?.id
    guard abandoned == nil || running.certainty == .proven else { return nil }
    leaseVersion = state.leases.version(in: place)
    configuration = try applied.resolved(in: environment)
  }

  /// Whether nobody has begun to drive since.
  func isSame(as other: SteadyRelease?) -> Bool {
    place == other?.place && running.position == other?.running.position
      && leaseVersion == other?.leaseVersion
  }
}
