import Environments
import Events
import Projections

/// What an agent keeps up while no deployment changes it, as the ledger has it.
struct SteadyRelease {
  let place: Place
  let running: RunningReleases.Running
  let configuration: ResolvedConfiguration

  var limits: HealthLimits { HealthLimits(configuration) }

  /// - Returns: nil when nothing runs in the environment, or a deployment holds its lease, expired
  ///   or not: what is half done is its driver's, or `stele recover`'s.
  /// - Throws: `RecordedConfigurationError` when a newer version wrote the configuration.
  init?(of environment: EnvironmentName, in state: LedgerState) throws {
    guard let place = state.running.places.first(where: { $0.environment == environment }),
      state.leases.lease(in: place) == nil, let running = state.running.running(in: place),
      let applied = state.configurations.version(running.configurationVersion, in: place)
    else { return nil }
    self.place = place
    self.running = running
    configuration = try ResolvedConfiguration(recorded: applied.configuration)
  }

  /// Whether no deployment has begun since.
  func isSame(as other: SteadyRelease?) -> Bool {
    place == other?.place && running.position == other?.running.position
  }
}
