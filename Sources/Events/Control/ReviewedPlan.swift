import CanonicalJSON

/// What somebody wants to bring about in a place: exactly what an approval is for.
///
/// Its digest is the SHA-256 of its canonical text, so whatever in it changes, approvals of it are
/// of another plan. Strategy, replicas, limits and flags are in the configuration, components and
/// their bytes in the build. ``base`` rises with every release, so nothing is approved twice over.
package struct ReviewedPlan: ObjectValue {
  /// `deployment.start`.
  package let action: Code
  package let application: ApplicationName
  /// The place's newest release when it was planned, 0 where there is none: the plan's own number
  /// is the next.
  package let base: Int
  package let build: ContentDigest
  /// Of the resolved configuration that the build is to run with.
  package let configuration: ContentDigest
  package let environment: EnvironmentName
  /// Of the whole policy that it was held against.
  package let policy: ContentDigest
  /// The release of another environment whose build this brings on.
  package let promotes: ReleasePromotion?

  package init(
    action: Code, application: ApplicationName, environment: EnvironmentName, base: Int,
    build: ContentDigest, configuration: ContentDigest, policy: ContentDigest,
    promotes: ReleasePromotion? = nil
  ) {
    self.action = action
    self.application = application
    self.base = base
    self.build = build
    self.configuration = configuration
    self.environment = environment
    self.policy = policy
    self.promotes = promotes
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    action = try fields.take("action")
    application = try fields.take("application")
    base = try fields.take("base", in: FieldRange.fromZero)
    build = try fields.take("build")
    configuration = try fields.take("configuration")
    environment = try fields.take("environment")
    policy = try fields.take("policy")
    promotes = try fields.takeOptional("promotes")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("action", action)
    fields.put("application", application)
    fields.put("base", base)
    fields.put("build", build)
    fields.put("configuration", configuration)
    fields.put("environment", environment)
    fields.put("policy", policy)
    fields.put("promotes", promotes)
  }
}
