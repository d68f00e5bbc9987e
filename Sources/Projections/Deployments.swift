import Events

/// Every deployment, from its start to how it ended: what `deploy`, `recover` and `replay` look up.
///
/// The facts of a rollout stay in the ledger; whoever needs them reads the deployment's stream.
package struct Deployments: Projection {
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
    /// Position of its newest event.
    package internal(set) var last: Int
    /// Position of the first request to abort it.
    package internal(set) var abortRequested: Int?
    package internal(set) var ended: Timestamp?

    package var isOpen: Bool { ended == nil }
  }

  package private(set) var byID: [DeploymentID: Deployment] = [:]
  private var order: [DeploymentID] = []

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .deployment(let event) = recorded.event, let place = Place(recorded),
      let id = recorded.deployment
    else { return }
    byID[id]?.last = recorded.position
    switch event {
    case .started(let started): add(started, id, recorded, in: place)
    case .abortRequested:
      if byID[id]?.abortRequested == nil { byID[id]?.abortRequested = recorded.position }
    case .succeeded, .rolledBack, .rollbackFailed, .failed:
      byID[id]?.ended = recorded.recorded
    case .stepStarted, .stepFinished, .replicaExited, .judged, .rollbackStarted:
      break  // Under way.
    }
  }

  private mutating func add(
    _ started: DeploymentStarted, _ id: DeploymentID, _ recorded: Recorded, in place: Place
  ) {
    order.append(id)
    byID[id] = Deployment(
      id: id, place: place, release: started.release, build: started.build, cause: started.cause,
      position: recorded.position, started: recorded.recorded, actor: recorded.actingFor,
      last: recorded.position, abortRequested: nil, ended: nil)
  }

  /// In the order they were started.
  package var all: [Deployment] { order.compactMap { byID[$0] } }

  /// The newest one of a place.
  package func latest(in place: Place) -> Deployment? {
    order.reversed().lazy.compactMap { byID[$0] }.first { $0.place == place }
  }

  /// The one of a place that has no end yet.
  package func open(in place: Place) -> Deployment? {
    latest(in: place).flatMap { $0.isOpen ? $0 : nil }
  }
}
