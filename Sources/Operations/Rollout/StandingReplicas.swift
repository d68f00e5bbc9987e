import Events
import Platforms
import Projections
import Rollouts

/// What is seen where a deployment begins.
struct StandingRuntime: Sendable {
  /// Everything that runs in the environment.
  let running: [RunningReplica]
  /// Who gets requests; nobody where the router does not say.
  let routed: Set<InstanceName>

  init(_ running: [RunningReplica], routed: Set<InstanceName> = []) {
    self.running = running
    self.routed = routed
  }

  /// - Throws: `PlatformError`: what runs was not said.
  init(_ runtime: EnvironmentRuntime) async throws {
    let frontends = (try? await runtime.router.state())?.frontends ?? [:]
    let servers = frontends.values.joined().map(\.server)
    self.init(
      try await runtime.platform.running(),
      routed: Set(servers.filter { $0.share != .draining }.map(\.instance)))
  }
}

/// What runs where a deployment begins, each with the release that it runs for: what a rollback
/// would bring back, and what it would not, because a rollout was held with it.
struct StandingReplicas {
  let all: [StandingReplica]

  /// - Parameters:
  ///   - seen: What runs, and what answers of it.
  ///   - release: What counts as running there.
  ///   - history: Of the newest deployment there, which has ended; nil where it cannot be read.
  /// - Throws: `RolloutPlanError` when its recorded plan makes no sense.
  init(
    _ seen: StandingRuntime, for release: RunningReleases.Running,
    after history: DeploymentHistory?
  ) throws(RolloutPlanError) {
    let owners = history.map(Self.owners)
    let isSettled = release.certainty == .proven
    let serving = isSettled ? nil : try history.map(DeploymentReplicas.init)?.serving
    // What no entry knows is of no release, whatever build it has: nothing brings it back.
    let owner = { (instance: InstanceName) in owners.flatMap { $0[instance] ?? 0 } }
    // Where such a one answers, as after a restore, what runs of the release may not be well.
    let unsettled = Set(
      seen.running.filter {
        owner($0.spec.instance) != nil && seen.routed.contains($0.spec.instance)
      }.map(\.spec.component))
    var counts: [Slot: Int] = [:]
    all = seen.running.map { replica in
      let spec = replica.spec
      let owner = owner(spec.instance)
      let isRouted = unsettled.contains(spec.component) ? seen.routed.contains(spec.instance) : nil
      let side = Slot(owner == nil ? .previous : .left, spec.component.rawValue, 0)
      counts[side, default: 0] += 1
      return StandingReplica(
        component: spec.component, instance: spec.instance, release: owner,
        replica: counts[side] ?? 1,
        serves: serving.map { $0.contains(spec.instance) } ?? isRouted
          ?? (owner == nil ? nil : false))
    }
  }

  /// By instance, the release that it was left by; nil for what is of the release that counts as
  /// running since that deployment.
  private static func owners(_ history: DeploymentHistory) -> [InstanceName: Int?] {
    let before = history.started.predecessor
    let left = history.left
    let isReplaced = history.end == .succeeded
    var owners: [InstanceName: Int?] = [:]
    for (slot, instance) in history.instances {
      switch slot.generation {
      case .new: owners[instance] = .some(isReplaced ? nil : history.started.release)
      case .previous: owners[instance] = .some(isReplaced ? before?.release : nil)
      case .left: owners[instance] = .some(left[instance] ?? 0)
      }
    }
    return owners
  }
}

extension DeploymentHistory {
  /// What rollouts before it, held on their way, had left running, with the release of each.
  var left: [InstanceName: Int] {
    Dictionary(
      (started.predecessor?.running ?? []).compactMap { standing in
        standing.release.map { (standing.instance, $0) }
      }, uniquingKeysWith: { first, _ in first })
  }
}
