import CanonicalJSON

/// Everything the story's schema says about one environment, checked: the typed form of
/// `config/environments/<name>.yaml` over `base.yaml`.
///
/// Made only by reading files that are valid throughout, or by reading a record.
package struct EnvironmentConfiguration: Hashable, Sendable {
  package let name: KnownEnvironment
  package let description: String
  package let infrastructure: Infrastructure
  package let resources: Resources
  package let security: Security
  package let deployment: DeploymentSettings
  package let observability: Observability
  /// By name's bytes, ascending and unique.
  package let features: [FeatureFlag]
}

extension EnvironmentConfiguration {
  /// Reads all fields, reporting every problem to the section's reader.
  ///
  /// - Parameter expected: The environment that the file's name says.
  /// - Returns: Nil if a required field has no value; not nil is no proof that all is well, the
  ///   reader's problems are.
  init?(reading section: SettingSection, of expected: KnownEnvironment) {
    let name = section.choice("name", of: KnownEnvironment.self)
    let description = section.text("description", .sentence)
    let infrastructure = Infrastructure(
      reading: section.section("infrastructure", of: Infrastructure.fieldNames))
    let resources = Resources(reading: section.section("resources", of: Resources.fieldNames))
    let security = Security(reading: section.section("security", of: Security.fieldNames))
    let deployment = DeploymentSettings(
      reading: section.section("deployment", of: DeploymentSettings.fieldNames))
    let observability = Observability(
      reading: section.section("observability", of: Observability.fieldNames))
    let features = [FeatureFlag](
      readingFeatures: section.section("features", of: "names with true or false, or {}"))
    section.refuseOthers()
    if let name, name != expected {
      section.report(
        "name", .contradiction, found: name.rawValue, "is not what the file is called",
        remedy: "write \(expected.rawValue)")
    }
    guard let name, let description, let infrastructure, let resources, let security,
      let deployment, let observability
    else { return nil }
    self.init(
      name: name, description: description, infrastructure: infrastructure, resources: resources,
      security: security, deployment: deployment, observability: observability,
      features: features)
  }

  /// Reads what ``recorded`` wrote.
  package init(recorded object: JSONObject) throws(RecordedConfigurationError) {
    let section = RecordedSection(object)
    self.init(
      name: try section.choice("name"), description: try section.text("description"),
      infrastructure: try Infrastructure(recorded: section.section("infrastructure")),
      resources: try Resources(recorded: section.section("resources")),
      security: try Security(recorded: section.section("security")),
      deployment: try DeploymentSettings(recorded: section.section("deployment")),
      observability: try Observability(recorded: section.section("observability")),
      features: try [FeatureFlag](recorded: section, "features"))
  }

  /// What `stele flag set` says in a recorded configuration.
  package static func flags(
    recorded object: JSONObject
  ) throws(RecordedConfigurationError) -> [FeatureFlag] {
    guard object["features"] != nil else { return [] }
    return try [FeatureFlag](recorded: RecordedSection(object), "features").filter(\.isSet)
  }

  /// What `stele flag set` says in this one.
  package var flags: [FeatureFlag] { features.filter(\.isSet) }

  /// This with flags set over its features.
  func setting(_ flags: [FeatureFlag]) -> EnvironmentConfiguration {
    EnvironmentConfiguration(
      name: name, description: description, infrastructure: infrastructure, resources: resources,
      security: security, deployment: deployment, observability: observability,
      features: features.overridden(by: flags))
  }

  /// All fields in the story's order, for tables and for both forms below.
  package var fields: [ConfigurationField] {
    [
      .init("name", .text(name.rawValue)), .init("description", .text(description)),
      .init("infrastructure", .section(infrastructure.fields)),
      .init("resources", .section(resources.fields)),
      .init("security", .section(security.fields)),
      .init("deployment", .section(deployment.fields)),
      .init("observability", .section(observability.fields)),
      .init("features", .switches(features)),
    ]
  }

  /// The object that goes into the ledger: whole numbers with their unit in the name, quantities
  /// in their one spelling, what is not set absent.
  ///
  ///     {"deployment":{"healthCheckIntervalMs":10000,…},"features":[{"name":"new-parser",
  ///     "value":true}],…}
  package var recorded: JSONObject { JSONObject(recording: fields) }

  /// Every value, in the story's order and units.
  ///
  ///     ("deployment.healthCheckInterval", "10"), ("features.new-parser", "true")
  package var leaves: [ConfigurationLeaf] { fields.flatMap { $0.leaves(under: .root) } }
}
