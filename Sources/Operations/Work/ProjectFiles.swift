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

  /// Every rule of the policy that the files of `environments` break, with the place of the value,
  /// and where they ask for more than there is; nothing of files that are wrong themselves.
  package func violations(of environments: [KnownEnvironment]) -> [SettingProblem] {
    guard let policy = try? directory.loadPolicy() else { return [] }
    return environments.flatMap { environment in
      (try? load(environment)).map { $0.violations(of: policy) } ?? []
    }.sorted()
  }

  /// - Throws: `ConfigurationError` with all problems of `policy.yaml`.
  package func policy() throws(ConfigurationError) -> Policy { try directory.loadPolicy().policy }

  /// The policy that there is a file of, for whom none and one that asks nothing are two things.
  ///
  /// - Returns: Nil where there is no file.
  /// - Throws: As ``policy()``.
  package func writtenPolicy() throws(ConfigurationError) -> Policy? {
    directory.hasPolicy ? try policy() : nil
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
    do { _ = try directory.loadPolicy() } catch { problems.formUnion(error.problems) }
    return problems.sorted()
  }
}

/// An environment and the application in it, and where everything was written.
package struct LoadedProject: Sendable {
  package let environment: LoadedEnvironment
  package let application: LoadedApplication
  package let resolved: ResolvedConfiguration

  /// This with what `stele flag set` says over the files.
  ///
  /// - Throws: `ConfigurationError` where a file refers to what there is no more.
  package func setting(_ flags: [FeatureFlag]) throws(ConfigurationError) -> LoadedProject {
    guard !flags.isEmpty else { return self }
    let environment = environment.setting(flags)
    return LoadedProject(
      environment: environment, application: application,
      resolved: ResolvedConfiguration(
        environment: environment.configuration,
        application: try application.plan(for: environment.configuration)))
  }

  /// This with the versions of secrets that a release of it is given.
  package func giving(_ versions: [SecretName: Int]) -> LoadedProject {
    LoadedProject(
      environment: environment, application: application, resolved: resolved.giving(versions))
  }

  /// What of it breaks the policy.
  func violations(of policy: LoadedPolicy) -> [SettingProblem] {
    let judgement = PolicyJudgement(of: resolved, by: policy.policy)
    let name = environment.configuration.name
    let broken = judgement.violations.map { violation in
      violation.problem(
        at: environment.origins[violation.rule.field] ?? position(ofFileOf: name), in: name)
    }
    let lacking = judgement.shortfalls.map { shortfall in
      SettingProblem(
        at: policy.capacityPosition(of: name) ?? position(ofFileOf: name), path: "\(name).capacity",
        kind: .policyViolation, found: nil, complaint: "is too little: \(shortfall)",
        remedy: "write fewer replicas or smaller shares, or more capacity where there is more")
    }
    return broken + lacking
  }

  private func position(ofFileOf name: KnownEnvironment) -> SourcePosition {
    SourcePosition(
      file: ConfigurationDirectory.file(of: name), line: 1, column: 1, layer: .environment)
  }

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
    let layer: SourcePosition.Layer =
      switch file {
      case ConfigurationDirectory.applicationFile: .application
      case ConfigurationDirectory.policyFile: .policy
      default: .environment
      }
    return SettingProblem(
      at: SourcePosition(file: file, line: 1, column: 1, layer: layer),
      path: "", kind: kind, found: nil, complaint: complaint, remedy: remedy)
  }
}

extension ConfigurationError: ExitingError {
  package var exitStatus: ExitStatus { .configuration }
}

extension RecordedConfigurationError: ExitingError {
  package var exitStatus: ExitStatus { .badData }
}

extension AmbiguousEnvironment: ExitingError {
  package var exitStatus: ExitStatus { .configuration }
}

extension ResolvedConfiguration {
  package var place: Place { Place(application.name, environment.name.name) }
}
