import Events

/// Who may change each place right now: one deployment at a time.
package struct Leases: Projection {
  package struct Lease: Hashable, Sendable {
    package let deployment: DeploymentID
    package let owner: ActorID
    package let process: ReplicaProcess
    package internal(set) var until: Timestamp

    package func isHeld(at now: Timestamp) -> Bool { now < until }
  }

  private var byPlace: [Place: Lease] = [:]
  private var versions: [Place: Int] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .lease(let event) = recorded.event, let place = Place(recorded) else { return }
    versions[place] = recorded.version
    switch event {
    case .taken(let taken):
      byPlace[place] = Lease(
        deployment: taken.deployment, owner: taken.owner, process: taken.process,
        until: taken.until)
    case .renewed(let renewed): byPlace[place]?.until = renewed.until
    case .released: byPlace[place] = nil
    }
  }

  /// The lease that nobody released, expired or not.
  package func lease(in place: Place) -> Lease? { byPlace[place] }

  /// The version of the place's lease stream.
  package func version(in place: Place) -> Int { versions[place] ?? 0 }
}
