import CanonicalJSON
import Events

/// What an application is to be in an environment, nothing inherited or defaulted any more: the
/// object that `configuration.applied` records, and that a rollback restores.
///
///     {"application":{"components":[…],"name":"tamma","rollout":{…}},"deployment":{…},…}
///
/// The environment's fields stand at the top, as the story names them, with units in the names;
/// `application` is what `application.yaml` says for this environment.
package struct ResolvedConfiguration: Hashable, Sendable {
  package let environment: EnvironmentConfiguration
  package let application: ApplicationPlan

  package init(environment: EnvironmentConfiguration, application: ApplicationPlan) {
    self.environment = environment
    self.application = application
  }

  /// Reads what ``recorded`` wrote.
  ///
  /// - Throws: ``RecordedConfigurationError/field(path:expected:)`` for the first field whose shape
  ///   is another one. Fields that this version does not know are passed over.
  package init(recorded object: JSONObject) throws(RecordedConfigurationError) {
    let environment = try EnvironmentConfiguration(recorded: object)
    self.environment = environment
    application = try ApplicationPlan(
      recorded: RecordedSection(object).section("application"), in: environment)
  }

  package var recorded: JSONObject {
    var object = environment.recorded
    object["application"] = .object(application.recorded)
    return object
  }

  /// What ``digest`` is taken over.
  package var canonicalBytes: [UInt8] { JSONValue.object(recorded).certainBytes }

  package var digest: ContentDigest { .init(hashing: canonicalBytes) }
}
