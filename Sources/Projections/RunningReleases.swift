import Events

/// What runs in each place, and which entry put it there: the answer to `stele status`.
package struct RunningReleases: Projection {
  package struct Running: Hashable, Sendable {
    /// The number under which it runs; a rollback's own, not the one that it restored.
    package let release: Int
    package let build: ContentDigest
    package let configurationVersion: Int
    package let components: [DeploymentComponent]
    package let deployment: DeploymentID
    /// Of the entry that said that it runs.
    package let position: Int
    package let since: Timestamp
    package let certainty: Certainty
  }

  /// How sure the ledger is that this, and nothing else, runs.
  package enum Certainty: String, Hashable, Sendable, CaseIterable {
    /// Proven healthy when it was put there.
    case proven
    /// A rollout ended on the way: this ran before it, and what it started may run as well.
    case mixed
    /// A rollback failed: nobody knows until somebody looks.
    case unknown
  }

  private var byPlace: [Place: Running] = [:]
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
    let number = waysBack.removeValue(forKey: id)
    guard let predecessor = finish(id)?.predecessor else { return }
    byPlace[place] = Running(
      release: number ?? predecessor.release, build: predecessor.build,
      configurationVersion: predecessor.configurationVersion, components: predecessor.components,
      deployment: id, position: recorded.position, since: recorded.recorded, certainty: certainty)
  }

  private mutating func fail(
    _ id: DeploymentID, _ failure: DeploymentFailure, _ recorded: Recorded, in place: Place
  ) {
    let plan = finish(id)
    switch failure {
    case .stopped: byPlace[place] = nil
    case .held, .aborted:
      guard let predecessor = plan?.predecessor else { return }
      byPlace[place] = Running(
        release: predecessor.release, build: predecessor.build,
        configurationVersion: predecessor.configurationVersion,
        components: predecessor.components, deployment: id, position: recorded.position,
        since: recorded.recorded, certainty: .mixed)
    }
  }

  private mutating func finish(_ id: DeploymentID) -> DeploymentStarted? {
    waysBack[id] = nil
    return plans.removeValue(forKey: id)
  }
}
