import CanonicalJSON

/// Why an application became something else in an environment.
package enum ReleaseCause: String, WordValue {
  /// Another build, or the same with the configuration that was pending.
  case deployment
  /// An earlier release, restored under a new number.
  case rollback
  /// Another configuration is wanted; what runs is as it was until a deployment.
  case configuration
}

/// A release of another environment: `staging#12`.
package struct ReleasePromotion: ObjectValue {
  package let environment: EnvironmentName
  /// Its number there, from 1.
  package let release: Int

  package init(of environment: EnvironmentName, _ release: Int) {
    self.environment = environment
    self.release = release
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    environment = try fields.take("environment")
    release = try fields.take("release", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("environment", environment)
    fields.put("release", release)
  }
}

extension ReleasePromotion: CustomStringConvertible {
  package var description: String { "\(environment)#\(release)" }
}

/// An application took its next number in an environment; failed ones keep theirs.
///
/// `production#812` is version 812 of its stream. Exactly one stands in every entry that alters an
/// environment, and in no other.
package struct ReleaseStarted: EventPayload {
  package static let kind: EventKind = "release.started.v1"

  package let cause: ReleaseCause
  /// What it runs; absent when that stays as it is.
  package let build: ContentDigest?
  /// The configuration's version, 1 for the first.
  package let configuration: Int?
  /// The release of another environment whose build this brings on.
  package let promotes: ReleasePromotion?
  /// The number that a rollback restores.
  package let restores: Int?

  package init(
    cause: ReleaseCause, build: ContentDigest? = nil, configuration: Int? = nil,
    promotes: ReleasePromotion? = nil, restores: Int? = nil
  ) {
    self.cause = cause
    self.build = build
    self.configuration = configuration
    self.promotes = promotes
    self.restores = restores
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    build = try fields.takeOptional("build")
    cause = try fields.take("cause")
    configuration = try fields.takeOptional("configuration", in: FieldRange.fromOne)
    promotes = try fields.takeOptional("promotes")
    restores = try fields.takeOptional("restores", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("build", build)
    fields.put("cause", cause)
    fields.put("configuration", configuration)
    fields.put("promotes", promotes)
    fields.put("restores", restores)
  }
}
