import CanonicalJSON

/// A rollout turned back by itself, under a number of its own.
///
/// Always recorded with one ``ReleaseStarted``, whose number is ``release``.
package struct DeploymentRollbackStarted: EventPayload {
  package static let kind: EventKind = "deployment.rollback_started.v1"

  package let reason: MachineWords
  /// The number that the way back takes.
  package let release: Int
  /// The number that shall run again.
  package let restores: Int

  package init(restores: Int, release: Int, reason: MachineWords) {
    self.reason = reason
    self.release = release
    self.restores = restores
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    reason = try fields.take("reason")
    release = try fields.take("release", in: FieldRange.fromOne)
    restores = try fields.take("restores", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("reason", reason)
    fields.put("release", release)
    fields.put("restores", restores)
  }
}

/// The release runs everywhere and was found healthy.
package struct DeploymentSucceeded: EventPayload {
  package static let kind: EventKind = "deployment.succeeded.v1"

  package let durationMs: Int
  package let release: Int

  package init(durationMs: Int, release: Int) {
    self.durationMs = durationMs
    self.release = release
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    durationMs = try fields.take("durationMs", in: FieldRange.fromZero)
    release = try fields.take("release", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("durationMs", durationMs)
    fields.put("release", release)
  }
}

/// The rollout failed, and what ran before runs again: the service is safe.
package struct DeploymentRolledBack: EventPayload {
  package static let kind: EventKind = "deployment.rolled_back.v1"

  package let durationMs: Int
  package let reason: MachineWords
  /// The number that the way back took.
  package let release: Int
  /// The number that runs again.
  package let restored: Int

  package init(durationMs: Int, release: Int, restored: Int, reason: MachineWords) {
    self.durationMs = durationMs
    self.reason = reason
    self.release = release
    self.restored = restored
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    durationMs = try fields.take("durationMs", in: FieldRange.fromZero)
    reason = try fields.take("reason")
    release = try fields.take("release", in: FieldRange.fromOne)
    restored = try fields.take("restored", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("durationMs", durationMs)
    fields.put("reason", reason)
    fields.put("release", release)
    fields.put("restored", restored)
  }
}

/// The way back failed as well: nobody knows what runs until somebody looks.
package struct DeploymentRollbackFailed: EventPayload {
  package static let kind: EventKind = "deployment.rollback_failed.v1"

  package let durationMs: Int
  package let reason: MachineWords
  /// The number that the way back took.
  package let release: Int
  /// The number that should run again.
  package let restores: Int

  package init(durationMs: Int, release: Int, restores: Int, reason: MachineWords) {
    self.durationMs = durationMs
    self.reason = reason
    self.release = release
    self.restores = restores
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    durationMs = try fields.take("durationMs", in: FieldRange.fromZero)
    reason = try fields.take("reason")
    release = try fields.take("release", in: FieldRange.fromOne)
    restores = try fields.take("restores", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("durationMs", durationMs)
    fields.put("reason", reason)
    fields.put("release", release)
    fields.put("restores", restores)
  }
}

/// How a rollout ended that neither succeeded nor went back.
package enum DeploymentFailure: String, WordValue {
  /// Left as it stands, for somebody to decide.
  case held
  /// Taken down again, because nothing ran before.
  case stopped
  /// Ended because somebody asked.
  case aborted
}

/// The rollout is over without success and without a way back.
package struct DeploymentFailed: EventPayload {
  package static let kind: EventKind = "deployment.failed.v1"

  package let durationMs: Int
  package let outcome: DeploymentFailure
  package let reason: MachineWords
  package let release: Int

  package init(
    durationMs: Int, release: Int, outcome: DeploymentFailure, reason: MachineWords
  ) {
    self.durationMs = durationMs
    self.outcome = outcome
    self.reason = reason
    self.release = release
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    durationMs = try fields.take("durationMs", in: FieldRange.fromZero)
    outcome = try fields.take("outcome")
    reason = try fields.take("reason")
    release = try fields.take("release", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("durationMs", durationMs)
    fields.put("outcome", outcome)
    fields.put("reason", reason)
    fields.put("release", release)
  }
}
