import Events

/// Every release of every place by its number, and how it ended.
package struct Releases: Projection {
  package struct Release: Hashable, Sendable {
    /// `production#812`: dense, from 1.
    package let number: Int
    package let position: Int
    package let recorded: Timestamp
    package let actor: ActorID
    package let cause: ReleaseCause
    /// Absent when it changes no build.
    package let build: ContentDigest?
    package let configurationVersion: Int?
    package let restores: Int?
    package internal(set) var outcome: Outcome
    /// When its outcome was recorded.
    package internal(set) var ended: Timestamp?
  }

  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// Only wanted: a configuration that waits for a deployment.
    case pending
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
  }

  private var byPlace: [Place: [Release]] = [:]
  /// The numbers that each deployment took: its own, and its way back's.
  private var numbers: [DeploymentID: [Int]] = [:]
  private var deployments: [Numbered: DeploymentID] = [:]

  private struct Numbered: Hashable, Sendable {
    let place: Place
    let number: Int
  }

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard let place = Place(recorded) else { return }
    switch recorded.event {
    case .release(let started): add(started, recorded, in: place)
    case .deployment(let event): apply(event, recorded, in: place)
    case .ledger, .key, .access, .approval, .build, .configuration, .health, .replica, .lease,
      .usage, .cost, .retention, .privacy, .unknown, .unreadable:
      break  // Takes no number and ends none.
    }
  }

  private mutating func add(_ started: ReleaseStarted, _ recorded: Recorded, in place: Place) {
    byPlace[place, default: []].append(
      Release(
        number: recorded.version, position: recorded.position, recorded: recorded.recorded,
        actor: recorded.actingFor, cause: started.cause, build: started.build,
        configurationVersion: started.configuration, restores: started.restores,
        outcome: started.cause == .configuration ? .pending : .running))
  }

  private mutating func apply(_ event: DeploymentEvent, _ recorded: Recorded, in place: Place) {
    guard let id = recorded.deployment else { return }
    switch event {
    case .started(let started): take(started.release, id, in: place)
    case .rollbackStarted(let begun): take(begun.release, id, in: place)
    case .succeeded: end(id, [.succeeded], recorded, in: place)
    case .rolledBack: end(id, [.rolledBack, .succeeded], recorded, in: place)
    case .rollbackFailed: end(id, [.rollbackFailed, .rollbackFailed], recorded, in: place)
    case .failed(let failed): end(id, [Outcome(failed.outcome)], recorded, in: place)
    case .stepStarted, .stepFinished, .replicaExited, .judged, .abortRequested:
      break  // Still under way.
    }
  }

  private mutating func take(_ number: Int, _ id: DeploymentID, in place: Place) {
    numbers[id, default: []].append(number)
    deployments[Numbered(place: place, number: number)] = id
  }

  /// - Parameter outcomes: Of the deployment's own number, then of its way back's.
  private mutating func end(
    _ id: DeploymentID, _ outcomes: [Outcome], _ recorded: Recorded, in place: Place
  ) {
    for (number, outcome) in zip(numbers[id] ?? [], outcomes) {
      guard let index = byPlace[place]?.firstIndex(where: { $0.number == number }) else { continue }
      byPlace[place]?[index].outcome = outcome
      byPlace[place]?[index].ended = recorded.recorded
    }
  }

  /// By number, ascending.
  package func all(in place: Place) -> [Release] {
    byPlace[place] ?? []
  }

  package func latest(in place: Place) -> Release? { byPlace[place]?.last }

  package func number(_ number: Int, in place: Place) -> Release? {
    byPlace[place]?.first { $0.number == number }
  }

  /// Places that have a release, in order.
  package var places: [Place] { byPlace.keys.sorted() }

  /// The deployment that took this number; nil for a mere wish.
  package func deployment(of number: Int, in place: Place) -> DeploymentID? {
    deployments[Numbered(place: place, number: number)]
  }
}

extension Releases.Outcome {
  fileprivate init(_ failure: DeploymentFailure) {
    switch failure {
    case .held: self = .held
    case .stopped: self = .stopped
    case .aborted: self = .aborted
    }
  }
}
