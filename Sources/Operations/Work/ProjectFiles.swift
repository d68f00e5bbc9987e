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
    let problems = problems(of: [environment])
    guard problems.isEmpty else { throw .invalid(problems) }
    let configuration = try directory.load(environment).configuration
    return ResolvedConfiguration(
      environment: configuration, application: try application().plan(for: configuration))
  }

  /// Everything that is wrong with all files, those that are missing and those that nobody reads
  /// included, in reading order.
  ///
  /// - Throws: `ConfigurationError.missing` when there is no configuration at all.
  package func problems() throws(ConfigurationError) -> [SettingProblem] {
    if directory.isEmpty { _ = try application() }
    return (problems(of: KnownEnvironment.allCases) + directory.strays).sorted()
  }

  /// Everything that is wrong with the application's file and those of `environments`, each thing
  /// once, in reading order.
  package func problems(of environments: [KnownEnvironment]) -> [SettingProblem] {
    var problems: Set<SettingProblem> = []
    for environment in environments {
      do { _ = try directory.load(environment) } catch { problems.formUnion(error.problems) }
    }
    do { _ = try directory.loadApplication() } catch { problems.formUnion(error.problems) }
    return problems.sorted()
  }
}

extension ConfigurationError {
  /// What is wrong, one by one: a file that is missing or cannot be read is one problem.
  package var problems: [SettingProblem] {
    switch self {
    case .invalid(let problems): problems
    case .missing(let file, let available):
      [
        problem(
          .missingFile, of: file, "there is no such file",
          remedy: available.isEmpty
            ? "write it, or change to the project's directory"
            : "write it; there are \(available.joined(separator: ", "))")
      ]
    case .unreadable(let file, let reason):
      [
        problem(
          .unreadableFile, of: file, "it cannot be read: \(reason)",
          remedy: "see who may read it with `ls -l \(file)`")
      ]
    }
  }

  private func problem(
    _ kind: SettingProblem.Kind, of file: String, _ complaint: String, remedy: String
  ) -> SettingProblem {
    let isApplication = file == ConfigurationDirectory.applicationFile
    return SettingProblem(
      at: SourcePosition(
        file: file, line: 1, column: 1, layer: isApplication ? .application : .environment),
      path: "", kind: kind, found: nil, complaint: complaint, remedy: remedy)
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
