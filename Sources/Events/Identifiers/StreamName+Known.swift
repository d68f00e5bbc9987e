import CanonicalJSON

/// The streams of this version's kinds, so that nobody spells one out.
extension StreamName {
  package static let ledger: StreamName = "ledger/main"
  package static let retention: StreamName = "retention/main"
  /// Whose tokens count.
  package static let issuers: StreamName = "issuer/main"

  /// Which policy is adopted.
  package static let policies: StreamName = "policy/main"

  package static func key(_ keyid: KeyID) -> StreamName { .init(stringLiteral: "key/\(keyid.hex)") }

  package static func grant(_ actor: ActorID) -> StreamName {
    .init(stringLiteral: "grant/\(actor)")
  }

  /// The tokens that proved somebody.
  package static func attestation(_ actor: ActorID) -> StreamName {
    .init(stringLiteral: "attestation/\(actor)")
  }

  package static func privacy(_ subject: SubjectID) -> StreamName {
    .init(stringLiteral: "privacy/\(subject)")
  }

  /// Decisions are numbered densely per environment; `0` is for those that concern none.
  package static func access(_ environment: EnvironmentName?) -> StreamName {
    .init(stringLiteral: "access/\(environment?.rawValue ?? "0")")
  }

  package static func approval(_ environment: EnvironmentName) -> StreamName {
    .init(stringLiteral: "approval/\(environment)")
  }

  package static func build(_ application: ApplicationName) -> StreamName {
    .init(stringLiteral: "build/\(application)")
  }

  package static func deployment(_ deployment: DeploymentID) -> StreamName {
    .init(stringLiteral: "deployment/\(deployment)")
  }

  package static func configuration(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("configuration", application, environment) }

  /// Its versions are the release numbers: `production#812` is version 812.
  package static func release(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("release", application, environment) }

  package static func health(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("health", application, environment) }

  package static func usage(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("usage", application, environment) }

  package static func cost(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("cost", application, environment) }

  package static func replica(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("replica", application, environment) }

  package static func router(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("router", application, environment) }

  package static func lease(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("lease", application, environment) }

  package static func review(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("review", application, environment) }

  package static func secret(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("secret", application, environment) }

  package static func drift(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("drift", application, environment) }

  package static func sync(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("sync", application, environment) }

  package static func policy(
    _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { placed("policy", application, environment) }

  private static func placed(
    _ prefix: String, _ application: ApplicationName, _ environment: EnvironmentName
  ) -> StreamName { .init(stringLiteral: "\(prefix)/\(application).\(environment)") }
}
