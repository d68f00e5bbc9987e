/// A valid environment and where each of its values was written.
package struct LoadedEnvironment: Hashable, Sendable {
  package let configuration: EnvironmentConfiguration
  /// By dotted path in the story's spelling: `resources.workers.cpu`.
  package let origins: [String: SourcePosition]
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
      environment, own: (file, own), base: base.map { (Self.baseFile, $0) })
  }
}

extension LoadedEnvironment {
  /// The same from texts, without a file system.
  static func checked(
    _ environment: KnownEnvironment, own: (file: String, bytes: [UInt8]),
    base: (file: String, bytes: [UInt8])?
  ) throws(ConfigurationError) -> LoadedEnvironment {
    var sources = SettingSources()
    let lower = base.flatMap { sources.parse($0.bytes, of: $0.file, layer: .base) }
    let upper = sources.parse(own.bytes, of: own.file, layer: .environment, mayBeEmpty: false)
    guard let upper, sources.problems.isEmpty else { throw .invalid(sources.problems.sorted()) }
    let reader = SettingReader()
    let configuration = EnvironmentConfiguration(
      reading: reader.root(lower?.merged(under: upper) ?? upper), of: environment)
    guard reader.problems.isEmpty, let configuration else {
      throw .invalid(Set(reader.problems).sorted())
    }
    return LoadedEnvironment(configuration: configuration, origins: reader.origins)
  }
}
