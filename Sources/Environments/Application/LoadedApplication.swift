/// A valid application and where each of its values was written.
package struct LoadedApplication: Hashable, Sendable {
  package let description: ApplicationDescription
  /// By dotted path: `components.workers.command`.
  package let origins: [String: SourcePosition]
  private let map: SettingMap

  private init(
    description: ApplicationDescription, origins: [String: SourcePosition], map: SettingMap
  ) {
    self.description = description
    self.origins = origins
    self.map = map
  }

  /// What the file says about one field; empty where it says nothing.
  package func sayings(of path: String) -> [SettingSaying] {
    map.saying(of: path).map { [$0] } ?? []
  }

  /// Every value that `environment` has, by path: what is written, and stated defaults of what is
  /// not.
  package func leaves(in environment: KnownEnvironment) -> [ConfigurationLeaf] {
    let written = written(in: environment)
    let known = Set(written.map(\.recordedPath))
    return written + Self.standards(in: environment).filter { !known.contains($0.recordedPath) }
  }

  private static func standards(in environment: KnownEnvironment) -> [ConfigurationLeaf] {
    guard case .section(let fields, _)? = SettingShape.application[["rollout"]] else { return [] }
    return fields.compactMap { field in
      field.standardText.map { text in
        let path = "rollout.\(field.name)"
        return ConfigurationLeaf(
          path: path, recordedPath: recordedPath(of: path, in: environment), text: text)
      }
    }
  }

  private func written(in environment: KnownEnvironment) -> [ConfigurationLeaf] {
    origins.keys.filter { !isOfAnother($0, than: environment) }.sorted().compactMap { path in
      map.saying(of: path).map { saying in
        ConfigurationLeaf(
          path: path, recordedPath: Self.recordedPath(of: path, in: environment),
          text: saying.text)
      }
    }
  }

  private func isOfAnother(_ path: String, than environment: KnownEnvironment) -> Bool {
    KnownEnvironment.allCases.contains { other in
      other != environment
        && (path.hasPrefix("rollout.environments.\(other).") || path.hasSuffix(".port.\(other)"))
    }
  }

  /// As the plan of the environment is recorded, where each value is the environment's own.
  private static func recordedPath(
    of path: String, in environment: KnownEnvironment
  ) -> String {
    let own = path.replacing("rollout.environments.\(environment).", with: "rollout.")
    let port = ".port.\(environment)"
    if own.hasSuffix(port) { return "application.\(own.dropLast(port.count)).port" }
    if own.hasSuffix("Seconds") { return "application.\(own.dropLast("Seconds".count))Ms" }
    if own == "application" { return "application.name" }
    return switch own.split(separator: ".").dropFirst(2).first {
    case "environment": "application.\(own).value"
    case "secrets", "secretFiles": "application.\(own).from"
    default: "application.\(own)"
    }
  }
}

extension ConfigurationDirectory {
  /// Reads `config/application.yaml` and checks all of it that does not depend on an environment;
  /// the rest is checked by ``LoadedApplication/plan(for:)``.
  ///
  /// - Throws: ``ConfigurationError`` with all problems at once.
  package func loadApplication() throws(ConfigurationError) -> LoadedApplication {
    try LoadedApplication.checked(
      read(Self.applicationFile), of: Self.applicationFile)
  }
}

extension LoadedApplication {
  /// The same from text, without a file system.
  static func checked(
    _ bytes: [UInt8], of file: String
  ) throws(ConfigurationError) -> LoadedApplication {
    var sources = SettingSources()
    let map = sources.parse(bytes, of: file, layer: .application, mayBeEmpty: false)
    guard let map else { throw .invalid(sources.problems.sorted()) }
    let reader = SettingReader()
    let description = ApplicationDescription(reading: reader.root(map))
    let problems = sources.problems + reader.problems
    guard problems.isEmpty, let description else {
      throw .invalid(Set(problems).sorted())
    }
    return LoadedApplication(
      description: description, origins: reader.origins, map: map)
  }
}
