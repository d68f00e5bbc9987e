import CanonicalJSON
import Events

/// What runs in each place, and which entry put it there: the answer to `stele status`.
package struct RunningReleases: Projection {
  package static let name = "running-releases"
  package static let revision = 2

  private var byPlace: [Place: Running] = [:]
  /// Plans of deployments under way.
  private var plans: [DeploymentID: DeploymentStarted] = [:]
  private var waysBack: [DeploymentID: Int] = [:]

  package init() {}

  package func running(in place: Place) -> Running? { byPlace[place] }

  /// Places where something runs, in order.
  package var places: [Place] { byPlace.keys.sorted() }

  package mutating func apply(_ recorded: Recorded) {
    guard case .deployment(let event) = recorded.event, let place = Place(recorded),
      let id = recorded.deployment
    else { return }
    switch event {
    case .started(let started): plans[id] = started
    case .rollbackStarted(let begun): waysBack[id] = begun.release
    case .succeeded: put(id, recorded, in: place)
    case .rolledBack: restore(id, .proven, recorded, in: place)
    case .rollbackFailed: restore(id, .unknown, recorded, in: place)
    case .failed(let failed): fail(id, failed.outcome, recorded, in: place)
    case .stepStarted, .stepFinished, .replicaExited, .judged, .abortRequested:
      break  // Under way; what ran before is what counts as running.
    }
  }

  private mutating func put(_ id: DeploymentID, _ recorded: Recorded, in place: Place) {
    guard let plan = finish(id) else { return }
    byPlace[place] = Running(
      release: plan.release, build: plan.build, configurationVersion: plan.configurationVersion,
      components: plan.components, deployment: id, position: recorded.position,
      since: recorded.recorded, certainty: .proven)
  }

  private mutating func restore(
    _ id: DeploymentID, _ certainty: Certainty, _ recorded: Recorded, in place: Place
  ) {
    let number = waysBack[id]
    guard let predecessor = finish(id)?.predecessor else { return }
    byPlace[place] = Running(
      predecessor, as: number ?? predecessor.release, id, recorded, certainty)
  }

  private mutating func fail(
    _ id: DeploymentID, _ failure: DeploymentFailure, _ recorded: Recorded, in place: Place
  ) {
    let plan = finish(id)
    switch failure {
    case .stopped: byPlace[place] = nil
    case .held, .aborted:
      guard let predecessor = plan?.predecessor else { return }
      // It runs since it was put there; the rollout has only made it doubtful.
      let before = byPlace[place].flatMap { $0.release == predecessor.release ? $0.since : nil }
      byPlace[place] = Running(
        predecessor, as: predecessor.release, id, recorded, .mixed, since: before)
    }
  }

  private mutating func finish(_ id: DeploymentID) -> DeploymentStarted? {
    waysBack[id] = nil
    return plans.removeValue(forKey: id)
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    byPlace = try fields.take("byPlace")
    let packed: [DeploymentID: Packed<DeploymentStarted>] = try fields.take("plans")
    plans = packed.mapValues(\.value)
    waysBack = try fields.take("waysBack")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("byPlace", byPlace)
    fields.put("plans", plans.mapValues(Packed.init))
    fields.put("waysBack", waysBack)
  }
}
