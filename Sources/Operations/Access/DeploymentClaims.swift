import Events
import Projections

/// Whether what is said of deployments and leases is said by whoever may, while they are under way,
/// and of the numbers that their start took: the program alone drives, and nobody drives what
/// nobody began.
struct DeploymentClaims {
  private var places: [DeploymentID: Place] = [:]
  private var underWay: [DeploymentID: UnderWay] = [:]
  private var running = RunningReleases()
  private var leases = Leases()

  fileprivate struct UnderWay {
    let place: Place
    let plan: DeploymentStarted
    var wayBack: DeploymentRollbackStarted?
  }

  /// - Parameters:
  ///   - entry: All events that are recorded with it.
  ///   - isProgram: Whether the program signed for itself, and for nobody who asked it to.
  /// - Returns: What is wrong with it, as a clause; nil where nothing is.
  mutating func take(_ event: Recorded, of entry: [Recorded], isProgram: Bool) -> String? {
    guard let place = Place(event) else { return nil }
    defer { learn(event, in: place) }
    if case .lease(let lease) = event.event {
      return complaint(about: lease, event, of: entry, in: place, isProgram: isProgram)
    }
    guard case .deployment(let said) = event.event, let id = event.deployment else { return nil }
    switch said {
    case .started(let plan): return complaint(about: plan, as: id, in: place)
    case .abortRequested:
      // Who asks need not know yet that it has ended.
      return places[id] == place ? nil : "is about a deployment that nobody started"
    case .stepStarted, .stepFinished, .replicaExited, .judged, .rollbackStarted, .succeeded,
      .rolledBack, .rollbackFailed, .failed:
      guard isProgram else { return "is not the program's own" }
      guard let deployment = underWay[id], deployment.place == place else {
        return "is about a deployment that is not under way"
      }
      return deployment.complaint(about: said, in: entry)
    }
  }

  private mutating func learn(_ event: Recorded, in place: Place) {
    running.apply(event)
    leases.apply(event)
    guard case .deployment(let said) = event.event, let id = event.deployment else { return }
    switch said {
    case .started(let plan):
      places[id] = place
      underWay[id] = UnderWay(place: place, plan: plan)
    case .rollbackStarted(let begun): underWay[id]?.wayBack = begun
    case .succeeded, .rolledBack, .rollbackFailed, .failed: underWay[id] = nil
    case .stepStarted, .stepFinished, .replicaExited, .judged, .abortRequested: break
    }
  }
}

// MARK: Beginning

extension DeploymentClaims {
  private func complaint(
    about plan: DeploymentStarted, as id: DeploymentID, in place: Place
  ) -> String? {
    if places[id] != nil { return "starts a deployment that was started before" }
    if underWay.values.contains(where: { $0.place == place }) {
      return "starts while another deployment of \(place.environment) is under way"
    }
    let before = running.running(in: place)
    guard plan.predecessor.map(Replaced.init) != before.map(Replaced.init) else { return nil }
    let said = plan.predecessor.map { "\(place.environment)#\($0.release)" } ?? "nothing"
    let ran = before.map { "\(place.environment)#\($0.release)" } ?? "nothing"
    return said == ran
      ? "replaces \(said) otherwise than it ran" : "replaces \(said), and \(ran) ran"
  }

  /// What a deployment goes back to when it fails.
  private struct Replaced: Equatable {
    let release: Int
    let build: ContentDigest
    let configurationVersion: Int
    let components: [DeploymentComponent]

    init(_ predecessor: DeploymentPredecessor) {
      release = predecessor.release
      build = predecessor.build
      configurationVersion = predecessor.configurationVersion
      components = predecessor.components
    }

    init(_ running: RunningReleases.Running) {
      release = running.release
      build = running.build
      configurationVersion = running.configurationVersion
      components = running.components
    }
  }
}

// MARK: Turning back and ending

extension DeploymentClaims.UnderWay {
  fileprivate func complaint(about said: DeploymentEvent, in entry: [Recorded]) -> String? {
    let own = plan.release
    let back = wayBack?.release ?? own
    let restored = plan.predecessor?.release ?? own
    return switch said {
    case .rollbackStarted(let begun): complaint(about: begun, in: entry)
    case .succeeded(let end): Self.complaint(about: end.release, took: own)
    case .failed(let end): Self.complaint(about: end.release, took: own)
    case .rolledBack(let end):
      Self.complaint(about: end.release, took: back)
        ?? Self.complaint(about: end.restored, replaced: restored)
    case .rollbackFailed(let end):
      Self.complaint(about: end.release, took: back)
        ?? Self.complaint(about: end.restores, replaced: restored)
    case .started, .stepStarted, .stepFinished, .replicaExited, .judged, .abortRequested: nil
    }
  }

  private static func complaint(about number: Int, took own: Int) -> String? {
    number == own ? nil : "names number \(number), and its deployment took \(own)"
  }

  private static func complaint(about number: Int, replaced own: Int) -> String? {
    number == own ? nil : "goes back to number \(number), and its deployment replaced \(own)"
  }

  /// The way back is to what the deployment replaced, whatever its plan may have been.
  private func complaint(
    about begun: DeploymentRollbackStarted, in entry: [Recorded]
  ) -> String? {
    guard wayBack == nil else { return "turns back a second time" }
    guard let predecessor = plan.predecessor else { return "turns back to nothing" }
    if let what = Self.complaint(about: begun.restores, replaced: predecessor.release) {
      return what
    }
    let release = ReleaseStarted(
      cause: .rollback, build: predecessor.build, configuration: predecessor.configurationVersion,
      restores: predecessor.release)
    let isTaken = entry.contains {
      Place($0) == place && $0.version == begun.release && $0.event == .release(release)
    }
    return isTaken ? nil : "does not take number \(begun.release) for what it goes back to"
  }
}

// MARK: Leases

extension DeploymentClaims {
  private func complaint(
    about lease: LeaseEvent, _ event: Recorded, of entry: [Recorded], in place: Place,
    isProgram: Bool
  ) -> String? {
    switch lease {
    case .taken(let taken):
      guard taken.owner == event.actingFor else { return "is taken for \(taken.owner)" }
      guard mayBeTaken(for: taken.deployment, by: entry, in: place) else {
        return "is of a deployment that is not under way"
      }
      return complaint(about: taken.until, event)
    case .renewed(let renewed):
      return complaint(about: place, isProgram: isProgram) ?? complaint(about: renewed.until, event)
    case .released: return complaint(about: place, isProgram: isProgram)
    }
  }

  /// By whoever starts or recovers it, or brings back what it brought about.
  private func mayBeTaken(
    for id: DeploymentID, by entry: [Recorded], in place: Place
  ) -> Bool {
    if let deployment = underWay[id] { return deployment.place == place }
    guard let running = running.running(in: place), running.deployment == id else { return false }
    let sync = SyncStarted(deployment: id, release: running.release)
    return entry.contains { Place($0) == place && $0.event == .sync(.started(sync)) }
  }

  private func complaint(about place: Place, isProgram: Bool) -> String? {
    guard isProgram else { return "is not the program's own" }
    return leases.lease(in: place) == nil ? "is of a lease that nobody holds" : nil
  }

  /// Longer than a driver needs to come back, and clocks to agree, nobody has to be waited for.
  private func complaint(about until: Timestamp, _ event: Recorded) -> String? {
    let grace = Int(Limits.clockSkewMicroseconds / 1_000)
    let latest = event.recorded.adding(milliseconds: RolloutDriver.leaseMs + grace)
    return until <= latest ? nil : "holds the environment until \(until)"
  }
}
