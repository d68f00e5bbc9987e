import Environments
import Events
import Operations
import Projections

extension CommandContext {
  /// - Throws: `ConfigurationError` when `application.yaml` is wrong.
  func application(of workspace: Workspace) throws -> ApplicationName {
    try ProjectFiles(workspace).application().description.name
  }

  /// The place that an environment of this project is.
  ///
  /// - Throws: `ConfigurationError` when `application.yaml` is wrong.
  func place(_ environment: KnownEnvironment, in workspace: Workspace) throws -> Place {
    Place(try application(of: workspace), environment.name)
  }

  /// Runs something with the environments' runtimes; lets go of this machine's afterwards.
  func withRuntimes<Result>(
    _ workspace: Workspace, _ work: (any RuntimeProvider) async throws -> Result
  ) async throws -> Result {
    if let runtimes { return try await work(runtimes) }
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
