/// A valid environment and where each of its values was written.
package struct LoadedEnvironment: Hashable, Sendable {
  package let configuration: EnvironmentConfiguration
  /// By dotted path in the story's spelling: `resources.workers.cpu`.
  package let origins: [String: SourcePosition]
  /// What was merged, the lowest first: `base.yaml`, the environment's file, and both with the
  /// variables over them.
  private let layers: [SettingMap]

  private init(
    configuration: EnvironmentConfiguration, origins: [String: SourcePosition],
    layers: [SettingMap]
  ) {
    self.configuration = configuration
    self.origins = origins
    self.layers = layers
  }

  /// Where variables of the process have overridden what the files say, by path.
  package var overridden: [(path: String, position: SourcePosition)] {
    origins.filter { $0.value.layer == .variable }.sorted { $0.key < $1.key }
      .map { (path: $0.key, position: $0.value) }
  }
}

extension ConfigurationDirectory {
  /// Reads `base.yaml`, if there is one, under the environment's own file, and checks everything.
  ///
  /// - Throws: ``ConfigurationError/missing(file:available:)`` if the environment has no file;
  ///   ``ConfigurationError/invalid(_:)`` with all problems of both files at once.
  package func load(_ environment: KnownEnvironment) throws(ConfigurationError)
    -> LoadedEnvironment
  {
    let file = Self.file(of: environment)
    let own = try read(file)
    let base = exists(Self.baseFile) ? try read(Self.baseFile) : nil
    return try LoadedEnvironment.checked(
      environment, own: (file, own), base: base.map { (Self.baseFile, $0) }, variables: variables)
  }
}

extension LoadedEnvironment {
  /// The same from texts, without a file system.
  static func checked(
    _ environment: KnownEnvironment, own: (file: String, bytes: [UInt8]),
    base: (file: String, bytes: [UInt8])?, variables: [String: String] = [:]
  ) throws(ConfigurationError) -> LoadedEnvironment {
    var sources = SettingSources()
    let lower = base.flatMap { sources.parse($0.bytes, of: $0.file, layer: .base) }
    let upper = sources.parse(own.bytes, of: own.file, layer: .environment, mayBeEmpty: false)
    guard let upper, !sources.isIncomplete else { throw .invalid(sources.problems.sorted()) }
    var problems = sources.problems
    let files = lower?.merged(under: upper) ?? upper
    let merged = OverridingVariables(variables).merged(over: files, problems: &problems)
    let reader = SettingReader()
    let configuration = EnvironmentConfiguration(reading: reader.root(merged), of: environment)
    problems += reader.problems
    guard problems.isEmpty, let configuration else { throw .invalid(Set(problems).sorted()) }
    return LoadedEnvironment(
      configuration: configuration, origins: reader.origins,
      layers: [lower, upper, merged].compactMap(\.self))
  }
}

extension LoadedEnvironment {
  /// This with what `stele flag set` says over files and variables.
  package func setting(_ flags: [FeatureFlag]) -> LoadedEnvironment {
    let position = SourcePosition(file: "stele flag set", line: 1, column: 1, layer: .flag)
    func entry(_ name: String, _ value: SettingNode) -> SettingMap.Entry {
      SettingMap.Entry(name: name, namePosition: position, value: value)
    }
    let features = SettingMap(
      flags.map {
        entry($0.name, .scalar(SettingScalar($0.value.text, isQuoted: true, at: position)))
      }, at: position)
    let paths = flags.map { ("features.\($0.name)", position) }
    return LoadedEnvironment(
      configuration: configuration.setting(flags),
      origins: origins.merging(paths) { $1 },
      layers: layers + [SettingMap([entry("features", .map(features))], at: position)])
  }

  /// What each layer says about one field, the one that wins last.
  ///
  /// - Parameter path: As in ``origins``.
  package func sayings(of path: String) -> [SettingSaying] {
    let found = layers.compactMap { $0.saying(of: path) }
    return found.enumerated().filter { index, saying in
      !found.dropFirst(index + 1).contains { $0.position == saying.position }
    }.map(\.element)
  }
}
