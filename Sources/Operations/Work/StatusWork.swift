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
    let left = history?.left ?? [:]
    let now = moment.time
    let instances = try state.health.instances(in: place)
      .filter { replicas?.retired.contains($0.key) != true }
      .sorted { $0.key < $1.key }
      .map { instance, health in
        let heard = try session.ledger.read { try $0.entry(at: health.position).recorded }
        return InstanceStatus(
          instance, health, heard: heard, isNew: replicas?.new.contains(instance) ?? false,
          isLeft: left[instance] != nil, now: now, staleMs: staleMs ?? 0)
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

  /// The last comparison of files, ledger and what runs; nil where nobody ever looked.
  package var scan: Drifts.Scan? { state.drifts.scan(of: place) }

  /// How long ago that was.
  package var scanAgeMs: Int? {
    scan.map { max(0, Int(now.microseconds(since: $0.recorded) / 1_000)) }
  }

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
  /// What earlier rollouts that were held have left running, by release and component.
  package let left: [LeftReplicas]
  private let ended: Set<Slot>

  init(_ started: DeploymentStarted, _ replicas: DeploymentReplicas) {
    release = started.release
    components = started.components
    ended = replicas.ended
    let standing = (started.predecessor?.running ?? []).filter {
      $0.release != nil && !replicas.ended.contains($0.slot)
    }
    left = Dictionary(grouping: standing) { $0.release ?? 0 }.sorted { $0.key < $1.key }
      .flatMap { release, all in
        Dictionary(grouping: all, by: \.component).sorted { $0.key < $1.key }
          .map { LeftReplicas(release: release, component: $0, count: $1.count) }
      }
    let takers = started.components + (started.predecessor?.components ?? [])
    guard takers.contains(where: \.takesTraffic) else {
      requests = nil
      return
    }
    let byGeneration = Dictionary(grouping: replicas.traffic, by: \.generation)
    let serving = standing.filter { byGeneration[.left]?.contains($0.slot) == true }
    requests =
      (byGeneration[.previous] == nil ? [] : [started.predecessor?.release].compactMap(\.self))
      + Set(serving.compactMap(\.release)).sorted()
      + (byGeneration[.new] == nil ? [] : [started.release])
  }

  /// How many of a component's processes have ended or were asked to.
  ///
  /// - Parameter isNew: Of the release being put there; otherwise of the one before it.
  package func ended(of component: ComponentName, new isNew: Bool) -> Int {
    ended.count {
      $0.component == component.rawValue && $0.generation == (isNew ? .new : .previous)
    }
  }
}

/// Replicas of one component that a rollout which was held has left running.
package struct LeftReplicas: Hashable, Sendable {
  /// 0 where nobody knows of which release.
  package let release: Int
  package let component: ComponentName
  package let count: Int
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
  /// Whether an earlier one, that was held, has left it.
  package let isLeft: Bool

  init(
    _ instance: InstanceName, _ health: HealthStates.Health, heard: Timestamp, isNew: Bool,
    isLeft: Bool, now: Timestamp, staleMs: Int
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
    self.isLeft = isLeft
  }
}
