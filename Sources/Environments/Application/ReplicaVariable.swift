import Events

/// What a template may ask for that is known only when a replica starts.
package enum ReplicaVariable: String, Hashable, Sendable, CaseIterable {
  /// The free port that this replica must listen on, on 127.0.0.1.
  case port = "PORT"
  /// Where the component's artifact lies: a directory, or the file that it is.
  case artifact = "ARTIFACT"
  case application = "APPLICATION"
  case environment = "ENVIRONMENT"
  case component = "COMPONENT"
  /// This replica's own name.
  case instance = "INSTANCE"
  /// The build's digest.
  case build = "BUILD"
}

/// One replica's values for ``ReplicaVariable``.
package struct ReplicaContext: Hashable, Sendable {
  package let application: ApplicationName
  /// What the release says.
  package let configuration: EnvironmentConfiguration
  package let component: ComponentName
  package let instance: InstanceName
  package let build: ContentDigest
  package let artifactPath: String
  /// The port's number, or what the platform that chooses it puts it in for. Nil for a component
  /// that nobody connects to.
  package let port: String?

  package init(
    application: ApplicationName, configuration: EnvironmentConfiguration,
    component: ComponentName, instance: InstanceName, build: ContentDigest, artifactPath: String,
    port: String?
  ) {
    self.application = application
    self.configuration = configuration
    self.component = component
    self.instance = instance
    self.build = build
    self.artifactPath = artifactPath
    self.port = port
  }

  package var values: [String: String] {
    let known: [(ReplicaVariable, String?)] = [
      (.port, port), (.artifact, artifactPath), (.application, "\(application)"),
      (.environment, "\(configuration.name)"), (.component, "\(component)"),
      (.instance, "\(instance)"), (.build, "\(build)"),
    ]
    return Dictionary(
      uniqueKeysWithValues: known.compactMap { variable, value in
        value.map { (variable.rawValue, $0) }
      })
  }
}
