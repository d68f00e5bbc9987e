import Events
import Platforms
import Projections
import Rollouts

/// What runs where a deployment begins, each with the release that it runs for: what a rollback
/// would bring back, and what it would not, because a rollout was held with it.
struct StandingReplicas {
  let all: [StandingReplica]

  /// - Parameters:
  ///   - running: Everything that runs in the environment.
  ///   - release: What counts as running there.
  ///   - history: Of the newest deployment there, which has ended; nil where it cannot be read.
  /// - Throws: `RolloutPlanError` when its recorded plan makes no sense.
  init(
    _ running: [RunningReplica], for release: RunningReleases.Running,
    after history: DeploymentHistory?
  ) throws(RolloutPlanError) {
    let owners = history.map(Self.owners)
    let isSettled = release.certainty == .proven
    let serving = isSettled ? nil : try history.map(DeploymentReplicas.init)?.serving
    var counts: [Slot: Int] = [:]
    all = running.map { replica in
      let spec = replica.spec
      // What no entry knows is of no release, whatever build it has: nothing brings it back.
      let owner: Int? = owners.flatMap { $0[spec.instance] ?? 0 }
      let side = Slot(owner == nil ? .previous : .left, spec.component.rawValue, 0)
      counts[side, default: 0] += 1
      return StandingReplica(
        component: spec.component, instance: spec.instance, release: owner,
        replica: counts[side] ?? 1,
        serves: serving.map { $0.contains(spec.instance) } ?? (owner == nil ? nil : false))
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
