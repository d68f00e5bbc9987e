import CanonicalJSON
import Events

extension Releases {
  /// One number of one place: `production#812`.
  package struct Release: Hashable, Sendable {
    /// Dense, from 1.
    package let number: Int
    package let position: Int
    package let recorded: Timestamp
    package let actor: ActorID
    package let cause: ReleaseCause
    /// What it runs; for a configuration, what ran when it was wanted. Absent before the first.
    package internal(set) var build: ContentDigest?
    /// The version of the configuration that it runs with, or wants.
    package internal(set) var configurationVersion: Int?
    /// Whose build it brings on from another environment.
    package let promotes: ReleasePromotion?
    /// The number whose build and configuration it brings back.
    package let restores: Int?
    /// The deployment that took the number; absent for a mere wish.
    package internal(set) var deployment: DeploymentID?
    package internal(set) var outcome: Outcome
    /// When its outcome was recorded.
    package internal(set) var ended: Timestamp?

    init(_ started: ReleaseStarted, _ recorded: Recorded, after before: Release?) {
      number = recorded.version
      position = recorded.position
      self.recorded = recorded.recorded
      actor = recorded.actingFor
      cause = started.cause
      build = started.build ?? before?.build
      configurationVersion = started.configuration ?? before?.configurationVersion
      promotes = started.promotes
      restores = started.restores
      outcome = started.cause == .configuration ? .pending : .running
    }

    /// Whether both would run the same build with the same configuration.
    package func runsTheSame(as other: Release) -> Bool {
      build == other.build && configurationVersion == other.configurationVersion
    }
  }

  package enum Outcome: String, WordValue {
    /// Only wanted: a configuration that waits for a deployment.
    case pending
    /// Was only wanted until a deployment took it: what became of that stands at its own number.
    case deployed
    /// Was only wanted, and another configuration was before any deployment took it.
    case superseded
    case running
    case succeeded
    /// It failed and an earlier release serves.
    case rolledBack
    case rollbackFailed
    case held
    case stopped
    case aborted

    /// It served, proven: a rollback may restore it.
    package var isGood: Bool { self == .succeeded }

    init(_ failure: DeploymentFailure) {
      switch failure {
      case .held: self = .held
      case .stopped: self = .stopped
      case .aborted: self = .aborted
      }
    }
  }
}

extension Releases.Release: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    actor = try fields.take("actor")
    build = try fields.takeOptional("build")
    cause = try fields.take("cause")
    configurationVersion = try fields.takeOptional("configuration", in: FieldRange.fromOne)
    deployment = try fields.takeOptional("deployment")
    ended = try fields.takeOptional("ended")
    number = try fields.take("number", in: FieldRange.fromOne)
    outcome = try fields.take("outcome")
    position = try fields.take("position", in: FieldRange.fromZero)
    promotes = try fields.takeOptional("promotes")
    recorded = try fields.take("recorded")
    restores = try fields.takeOptional("restores", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("actor", actor)
    fields.put("build", build)
    fields.put("cause", cause)
    fields.put("configuration", configurationVersion)
    fields.put("deployment", deployment)
    fields.put("ended", ended)
    fields.put("number", number)
    fields.put("outcome", outcome)
    fields.put("position", position)
    fields.put("promotes", promotes)
    fields.put("recorded", recorded)
    fields.put("restores", restores)
  }
}
