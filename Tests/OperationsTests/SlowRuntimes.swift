import Environments
import Events
import SecretStore
import TestKit

@testable import Operations

/// Runtimes of which one takes a while to answer, in which something happens.
struct SlowRuntimes: RuntimeProvider {
  var sources: SecretSources { SecretSources(variables: [:]) }
  private let runtimes: SimulatedRuntimes
  private let meanwhile: @Sendable () async throws -> Void

  init(_ runtimes: SimulatedRuntimes, _ meanwhile: @escaping @Sendable () async throws -> Void) {
    self.runtimes = runtimes
    self.meanwhile = meanwhile
  }

  func runtime(of environment: EnvironmentName) async throws -> EnvironmentRuntime {
    try await meanwhile()
    return try await runtimes.runtime(of: environment)
  }

  func sight(of environment: EnvironmentName) -> EnvironmentSight {
    runtimes.sight(of: environment)
  }

  func preflight(
    _ configuration: ResolvedConfiguration, for cause: ReleaseCause
  ) async -> [String] {
    await runtimes.preflight(configuration, for: cause)
  }
}
