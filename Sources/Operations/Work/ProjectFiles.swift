import CanonicalJSON
import Environments
import Events
import Projections

/// What the project's files say, checked and resolved; nothing here touches the ledger.
package struct ProjectFiles: Sendable {
  private let directory: ConfigurationDirectory

  package init(_ workspace: Workspace) {
    directory = ConfigurationDirectory(root: workspace.root)
  }

  package var available: [KnownEnvironment] { directory.available }

  package func application() throws(ConfigurationError) -> LoadedApplication {
    try directory.loadApplication()
  }

  package func environment(
    _ environment: KnownEnvironment
  ) throws(ConfigurationError) -> LoadedEnvironment {
    try directory.load(environment)
  }

  /// The environment and the application together, as they would be recorded.
  ///
  /// - Throws: `ConfigurationError` with every problem of both at once.
  package func resolve(
    _ environment: KnownEnvironment
  ) throws(ConfigurationError) -> ResolvedConfiguration {
    let problems = problems(of: environment)
    guard problems.isEmpty else { throw .invalid(problems) }
    let configuration = try directory.load(environment).configuration
    return ResolvedConfiguration(
      environment: configuration, application: try application().plan(for: configuration))
  }

  /// Everything that is wrong with either file; empty when both are right, or one cannot be read.
  private func problems(of environment: KnownEnvironment) -> [SettingProblem] {
    var problems: [SettingProblem] = []
    do { _ = try directory.load(environment) } catch { problems += error.problems }
    do { _ = try directory.loadApplication() } catch { problems += error.problems }
    return problems
  }
}

extension ConfigurationError {
  /// None for a file that is missing or cannot be read.
  package var problems: [SettingProblem] {
    switch self {
    case .invalid(let problems): problems
    case .missing, .unreadable: []
    }
  }
}

extension ConfigurationError: ExitingError {
  package var exitStatus: ExitStatus { .configuration }
}

extension AmbiguousEnvironment: ExitingError {
  package var exitStatus: ExitStatus { .configuration }
}

extension ResolvedConfiguration {
  package var place: Place { Place(application.name, environment.name.name) }
}
