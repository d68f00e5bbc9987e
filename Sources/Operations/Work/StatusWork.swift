import Environments
import Events
import LedgerStore
import Platforms
import Projections
import Rollouts

/// `stele status`: what is known of a place at a moment, and how old that is then.
package struct StatusWork: Sendable {
  private let session: Session

  package init(_ session: Session) {
    self.session = session
  }

  /// Reads what the state alone does not say: when each instance was last heard of, and, where a
  /// rollout has not ended or ended on its way, which replicas are its own.
  ///
  /// - Parameters:
  ///   - moment: Of this session.
  ///   - sight: Nil for a moment of the past, whose machine nobody can look at any more.
  package func status(
    of place: Place, at moment: Session.Moment, sight: RuntimeSight?
  ) async throws -> PlaceStatus {
    let state = moment.state
    var history: DeploymentHistory?
    if let unsettled = unsettled(in: place, state) {
      history = try await session.history(of: unsettled)
    }
    let staleMs =
      try history.map { HealthLimits($0.started.limits).staleMs }
      ?? runningLimits(in: place, state)?.staleMs
    let replicas = try history.map(DeploymentReplicas.init)
    let now = moment.time
    let instances = try state.health.instances(in: place)
      .filter { replicas?.retired.contains($0.key) != true }
      .sorted { $0.key < $1.key }
      .map { instance, health in
        let heard = try session.ledger.read { try $0.entry(at: health.position).recorded }
        return InstanceStatus(
          instance, health, heard: heard, isNew: replicas?.new.contains(instance) ?? false,
          now: now, staleMs: staleMs ?? 0)
      }
    return PlaceStatus(
      place: place, state: state, instances: instances, sight: sight, now: now,
      unsettled: history.flatMap { history in
        replicas.map { UnsettledRelease(history.started, $0) }
      })
  }

  /// The deployment whose replicas may run beside those of the release that counts as running.
  private func unsettled(in place: Place, _ state: LedgerState) -> DeploymentID? {
    guard state.deployments.open(in: place) == nil else {
      return state.deployments.open(in: place)?.id
    }
    let running = state.running.running(in: place)
    return running?.certainty == .proven ? nil : running?.deployment
  }

  private func runningLimits(in place: Place, _ state: LedgerState) throws -> HealthLimits? {
    try state.running.running(in: place)
      .flatMap { state.configurations.version($0.configurationVersion, in: place) }
      .map { HealthLimits(try ResolvedConfiguration(recorded: $0.configuration)) }
  }
}

/// One application in one environment.
package struct PlaceStatus: Sendable {
  package let place: Place
  package let state: LedgerState
  /// In their order.
  package let instances: [InstanceStatus]
  /// Nil at a moment of the past.
  package let sight: RuntimeSight?
  package let now: Timestamp
  /// The rollout that has not ended, or ended on its way.
  package let unsettled: UnsettledRelease?

  package var running: RunningReleases.Running? { state.running.running(in: place) }

  /// Whether replicas are to be there for an agent to look after.
  private var needsAgent: Bool { running != nil || state.deployments.open(in: place) != nil }

  package var lacksAgent: Bool { needsAgent && sight?.hasAgent == false }

  package var lacksRouter: Bool {
    (running?.components.contains(where: \.takesTraffic) ?? false) && sight?.hasRouter == false
  }

  /// Whether somebody drives a rollout; of the past only its lease tells.
  package func isDriven(_ lease: Leases.Lease) -> Bool {
    sight == nil ? lease.isHeld(at: now) : lease.isDriven(at: now)
  }
}

/// A release that a rollout has not put in the other's place, or not wholly.
package struct UnsettledRelease: Sendable {
  package let release: Int
  /// What it is to run.
  package let components: [DeploymentComponent]
  /// Releases that requests were last asked to go to, in order; of one that a rollback restores,
  /// the number it had. Nil where nothing takes any.
  package let requests: [Int]?
  private let ended: Set<Slot>

  init(_ started: DeploymentStarted, _ replicas: DeploymentReplicas) {
    release = started.release
    components = started.components
    ended = replicas.ended
    let takers = started.components + (started.predecessor?.components ?? [])
    guard takers.contains(where: \.takesTraffic) else {
      requests = nil
      return
    }
    let generations = Set(replicas.traffic.map(\.generation))
    requests = [
      generations.contains(.previous) ? started.predecessor?.release : nil,
      generations.contains(.new) ? started.release : nil,
    ].compactMap { $0 }
  }

  /// How many of a component's processes have ended or were asked to.
  ///
  /// - Parameter isNew: Of the release being put there; otherwise of the one before it.
  package func ended(of component: ComponentName, new isNew: Bool) -> Int {
    ended.count {
      $0.component == component.rawValue && ($0.generation == .new) == isNew
    }
  }
}

/// What is known of one replica's health now.
package struct InstanceStatus: Sendable {
  package let instance: InstanceName
  package let component: ComponentName
  /// What the ledger says; ``HealthState/unknown`` once that is too old.
  package let state: HealthState
  package let since: Timestamp
  package let reason: MachineWords?
  /// When the ledger last heard of it.
  package let heard: Timestamp
  /// How long ago that was.
  package let ageMs: Int
  /// Whether that is too long ago to say anything.
  package let isStale: Bool
  /// Whether a rollout that has not succeeded has started it.
  package let isNew: Bool

  init(
    _ instance: InstanceName, _ health: HealthStates.Health, heard: Timestamp, isNew: Bool,
    now: Timestamp, staleMs: Int
  ) {
    self.instance = instance
    component = health.component
    since = health.since
    reason = health.reason
    self.heard = heard
    ageMs = max(0, Int(now.microseconds(since: heard) / 1_000))
    isStale = ageMs > staleMs
    state = isStale ? .unknown : health.state
    self.isNew = isNew
  }
}
