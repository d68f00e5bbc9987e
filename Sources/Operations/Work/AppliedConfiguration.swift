import CanonicalJSON
import Environments
import Events
import Projections

extension Configurations.Applied {
  /// Of what it says, whatever digest it was recorded under.
  var ownDigest: ContentDigest { ContentDigest(of: .object(configuration)) }

  /// What it says, for whoever starts something by it.
  ///
  /// - Throws: ``DeploymentError/configurationMisnamed(_:_:)`` when it was recorded under the
  ///   digest of another, which people take it for; `RecordedConfigurationError` when a newer
  ///   version wrote it.
  func resolved(in environment: EnvironmentName) throws -> ResolvedConfiguration {
    guard ownDigest == digest else {
      throw DeploymentError.configurationMisnamed(environment, version)
    }
    return try ResolvedConfiguration(recorded: configuration)
  }
}
