import CanonicalJSON
import Events

extension Deployments {
  package struct Deployment: Hashable, Sendable {
    package let id: DeploymentID
    package let place: Place
    package let release: Int
    package let build: ContentDigest
    package let cause: ReleaseCause
    /// Position of its first entry.
    package let position: Int
    package let started: Timestamp
    package let actor: ActorID
    /// Position of its newest event, probe or lease; once it has ended, of its end.
    package internal(set) var last: Int
    /// Of its stream's newest event.
    package internal(set) var version: Int
    /// Position of the first request to abort it.
    package internal(set) var abortRequested: Int?
    package internal(set) var ended: Timestamp?
    /// Probes recorded for it that passed.
    package internal(set) var passes = 0
    /// Probes recorded for it that failed.
    package internal(set) var failures = 0

    package var isOpen: Bool { ended == nil }

    init(id: DeploymentID, place: Place, _ started: DeploymentStarted, _ recorded: Recorded) {
      self.id = id
      self.place = place
      release = started.release
      build = started.build
      cause = started.cause
      position = recorded.position
      self.started = recorded.recorded
      actor = recorded.actingFor
      last = recorded.position
      version = recorded.version
    }
  }
}

extension Deployments.Deployment: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    abortRequested = try fields.takeOptional("abortRequested", in: FieldRange.fromZero)
    actor = try fields.take("actor")
    build = try fields.take("build")
    cause = try fields.take("cause")
    ended = try fields.takeOptional("ended")
    failures = try fields.take("failures", in: FieldRange.fromZero)
    id = try fields.take("id")
    last = try fields.take("last", in: FieldRange.fromZero)
    passes = try fields.take("passes", in: FieldRange.fromZero)
    place = try fields.take("place")
    position = try fields.take("position", in: FieldRange.fromZero)
    release = try fields.take("release", in: FieldRange.fromOne)
    started = try fields.take("started")
    version = try fields.take("version", in: FieldRange.fromOne)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("abortRequested", abortRequested)
    fields.put("actor", actor)
    fields.put("build", build)
    fields.put("cause", cause)
    fields.put("ended", ended)
    fields.put("failures", failures)
    fields.put("id", id)
    fields.put("last", last)
    fields.put("passes", passes)
    fields.put("place", place)
    fields.put("position", position)
    fields.put("release", release)
    fields.put("started", started)
    fields.put("version", version)
  }
}
