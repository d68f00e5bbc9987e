import Environments
import Events
import Operations
import Projections

extension CommandContext {
  /// The place that an environment of this project is.
  ///
  /// - Throws: `ConfigurationError` when `application.yaml` is wrong.
  func place(_ environment: KnownEnvironment, in workspace: Workspace) throws -> Place {
    Place(try ProjectFiles(workspace).application().description.name, environment.name)
  }

  /// Runs something with this machine's environments, and lets go of them afterwards.
  func withRuntimes<Result>(
    _ workspace: Workspace, _ work: (LocalRuntimes) async throws -> Result
  ) async throws -> Result {
    let runtimes = LocalRuntimes(workspace, executable: executable, variables: variables)
    do {
      let result = try await work(runtimes)
      try await runtimes.shutDown()
      return result
    } catch {
      try await runtimes.shutDown()
      throw error
    }
  }
}
