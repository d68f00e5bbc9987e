import CanonicalJSON
import Environments
import Events
import Projections

/// What the project's files say, checked and resolved; nothing here touches the ledger.
package struct ProjectFiles: Sendable {
  private let directory: ConfigurationDirectory

  /// - Parameter variables: The process's: those that override settings are read.
  package init(_ workspace: Workspace, variables: [String: String]) {
    directory = ConfigurationDirectory(root: workspace.root, variables: variables)
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
    try load(environment).resolved
  }

  /// The same, and where everything was written.
  ///
  /// - Throws: As ``resolve(_:)``.
  package func load(_ environment: KnownEnvironment) throws(ConfigurationError) -> LoadedProject {
    let problems = problems(of: [environment])
    guard problems.isEmpty else { throw .invalid(problems) }
    let loaded = try directory.load(environment)
    let application = try application()
    return LoadedProject(
      environment: loaded, application: application,
      resolved: ResolvedConfiguration(
        environment: loaded.configuration,
        application: try application.plan(for: loaded.configuration)))
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

/// An environment and the application in it, and where everything was written.
package struct LoadedProject: Sendable {
  package let environment: LoadedEnvironment
  package let application: LoadedApplication
  package let resolved: ResolvedConfiguration

  /// Every value of both files.
  package var leaves: [ConfigurationLeaf] {
    environment.configuration.leaves
      + application.leaves(in: environment.configuration.name)
  }

  /// What each layer says about one of ``leaves``, the one that wins last.
  package func sayings(of path: String) -> [SettingSaying] {
    let found = environment.sayings(of: path)
    return found.isEmpty ? application.sayings(of: path) : found
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
