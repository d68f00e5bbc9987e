import CanonicalJSON
import Events

/// Who may change each place right now: one deployment at a time.
package struct Leases: Projection {
  package static let name = "leases"
  package static let revision = 1

  private var byPlace: [Place: Lease] = [:]
  private var versions: [Place: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .lease(let event) = recorded.event, let place = Place(recorded) else { return }
    versions[place] = recorded.version
    switch event {
    case .taken(let taken): byPlace[place] = Lease(taken)
    case .renewed(let renewed): byPlace[place]?.until = renewed.until
    case .released: byPlace[place] = nil
    }
  }

  /// The lease that nobody released, expired or not.
  package func lease(in place: Place) -> Lease? { byPlace[place] }

  /// The version of the place's lease stream.
  package func version(in place: Place) -> Int { versions[place] ?? 0 }

  package init(fields: inout FieldReader) throws(FormFault) {
    byPlace = try fields.take("byPlace")
    versions = try fields.take("versions")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byPlace", byPlace)
    fields.put("versions", versions)
  }
}

extension Leases {
  package struct Lease: Hashable, Sendable {
    package let deployment: DeploymentID
    package let owner: ActorID
    package let process: ReplicaProcess
    /// From this moment on anybody may take it over.
    package internal(set) var until: Timestamp

    init(_ taken: LeaseTaken) {
      deployment = taken.deployment
      owner = taken.owner
      process = taken.process
      until = taken.until
    }

    package func isHeld(at now: Timestamp) -> Bool { now < until }
  }
}

extension Leases.Lease: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    self.init(try LeaseTaken(fields: &fields))
  }

  package func write(to fields: inout FieldWriter) {
    LeaseTaken(deployment: deployment, owner: owner, process: process, until: until)
      .write(to: &fields)
  }
}
