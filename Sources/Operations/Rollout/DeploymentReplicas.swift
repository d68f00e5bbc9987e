import Events
import Rollouts

/// The replicas of one deployment as its recorded facts have them: whom its driver, or the one that
/// takes over from it, expects to find.
struct DeploymentReplicas: Equatable {
  /// Of the release that ran before; nobody has asked them to end or recorded that they did.
  let previous: Set<InstanceName>
  /// Everything of the new release that was ever asked to start.
  let new: Set<InstanceName>
  /// Where requests were last asked to go.
  let traffic: Set<Slot>
  /// What runs in ``traffic``.
  let serving: Set<InstanceName>

  /// - Throws: `RolloutPlanError` when the recorded plan makes no sense.
  init(_ history: DeploymentHistory) throws(RolloutPlanError) {
    let machine = try DeploymentResumption(history).machine
    func instances(where holds: (Slot) -> Bool) -> Set<InstanceName> {
      Set(history.instances.filter { holds($0.key) }.values)
    }
    previous = instances { $0.generation == .previous && machine.expected.contains($0) }
    new = instances { $0.generation == .new }
    traffic = machine.traffic
    serving = instances(where: machine.traffic.contains)
  }
}
