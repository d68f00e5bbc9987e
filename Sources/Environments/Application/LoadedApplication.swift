/// A valid application and where each of its values was written.
package struct LoadedApplication: Hashable, Sendable {
  package let description: ApplicationDescription
  /// By dotted path: `components.workers.command`.
  package let origins: [String: SourcePosition]
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
    guard let map else { throw .invalid(sources.problems) }
    let reader = SettingReader()
    let description = ApplicationDescription(reading: reader.root(map))
    guard reader.problems.isEmpty, let description else {
      throw .invalid(Set(reader.problems).sorted())
    }
    return LoadedApplication(description: description, origins: reader.origins)
  }
}
