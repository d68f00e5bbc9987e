import Environments
import Events
import Operations
import Projections

/// What a release was configured with.
struct ReleasedConfiguration {
  let release: Releases.Release
  let applied: Configurations.Applied
  let history: ConfigurationHistory
}

extension CommandContext {
  /// The configuration of the release that is named.
  ///
  /// - Throws: `SelectorError`; `DeploymentError.configurationMissing`; what keeps the ledger from
  ///   being read.
  func released(_ selector: Selector) async throws -> ReleasedConfiguration {
    let session = try reading()
    let place = Place(try await application(of: session), selector.environment)
    let state = try await session.state()
    let release = try state.releases.resolve(selector, of: place.application)
    let applied = try state.configuration(of: release, in: place)
    return ReleasedConfiguration(
      release: release, applied: applied,
      history: ConfigurationHistory(of: applied, in: place, state))
  }
}
