import CanonicalJSON
import Events

/// Every deployment, from its start to how it ended: what `deploy`, `recover` and `replay` look up.
///
/// The facts of a rollout stay in the ledger; whoever needs them reads what is recorded from
/// ``Deployment/position`` to ``Deployment/last``.
package struct Deployments: Projection {
  package static let name = "deployments"
  package static let revision = 2

  package private(set) var byID: [DeploymentID: Deployment] = [:]
  /// The newest one of each place.
  private var newest: [Place: DeploymentID] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    switch recorded.event {
    case .deployment(let event): follow(event, recorded)
    case .health(.checked(let check)):
      if let id = check.deployment { count(check.verdict, for: id, at: recorded.position) }
    case .lease(.taken(let taken)): note(recorded, for: taken.deployment)
    case .ledger, .key, .access, .approval, .policy, .build, .configuration, .release,
      .health(.changed), .health(.summarized), .replica, .router, .lease, .usage, .cost, .retention,
      .privacy, .review,
      .secret, .drift, .sync,
      .unknown, .unreadable:
      break  // Says nothing about a deployment.
    }
  }

  private mutating func follow(_ event: DeploymentEvent, _ recorded: Recorded) {
    guard let place = Place(recorded), let id = recorded.deployment else { return }
    note(recorded, for: id)
    byID[id]?.version = recorded.version
    switch event {
    case .started(let started):
      byID[id] = Deployment(id: id, place: place, started, recorded)
      newest[place] = id
    case .abortRequested:
      if byID[id]?.abortRequested == nil { byID[id]?.abortRequested = recorded.position }
    case .succeeded, .rolledBack, .rollbackFailed, .failed:
      byID[id]?.ended = recorded.recorded
    case .stepStarted, .stepFinished, .replicaExited, .judged, .rollbackStarted:
      break  // Under way.
    }
  }

  private mutating func note(_ recorded: Recorded, for id: DeploymentID) {
    if byID[id]?.isOpen == true { byID[id]?.last = recorded.position }
  }

  /// Counts one probe; the hot path of a replay.
  mutating func count(_ verdict: ProbeVerdict, for id: DeploymentID, at position: Int) {
    guard let index = byID.index(forKey: id) else { return }
    if byID.values[index].isOpen { byID.values[index].last = position }
    switch verdict {
    case .pass: byID.values[index].passes += 1
    case .fail: byID.values[index].failures += 1
    }
  }

  /// In the order they were started.
  package var all: [Deployment] {
    byID.values.sorted { ($0.position, $0.id) < ($1.position, $1.id) }
  }

  /// The newest one of a place.
  package func latest(in place: Place) -> Deployment? { newest[place].flatMap { byID[$0] } }

  /// The one of a place that has no end yet.
  package func open(in place: Place) -> Deployment? {
    latest(in: place).flatMap { $0.isOpen ? $0 : nil }
  }

  /// Whether any application's deployment in the environment has no end yet.
  package func isOpen(in environment: EnvironmentName) -> Bool {
    newest.contains { $0.key.environment == environment && byID[$0.value]?.isOpen == true }
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    byID = try fields.take("byID")
    newest = try fields.take("newest")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byID", byID)
    fields.put("newest", newest)
  }
}
