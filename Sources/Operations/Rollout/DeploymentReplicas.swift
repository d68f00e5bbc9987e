import Events
import Platforms
import Rollouts

/// The replicas of one deployment as its recorded facts have them: whom its driver, or the one that
/// takes over from it, expects to find.
struct DeploymentReplicas: Equatable {
  /// What ran before; nobody has asked them to end or recorded that they did.
  let previous: Set<InstanceName>
  /// Everything of the new release that was ever asked to start.
  let new: Set<InstanceName>
  /// Where requests were last asked to go.
  let traffic: Set<Slot>
  /// What runs in ``traffic``.
  let serving: Set<InstanceName>
  /// Who was asked to end, whether they have or not.
  let retired: Set<InstanceName>
  /// Slots whose process has ended, or was asked to.
  let ended: Set<Slot>
  /// Whom the deployment, once it is over, leaves to be kept up.
  let wanted: Set<InstanceName>
  /// Where each of them stands.
  let slots: [InstanceName: Slot]
  /// The newest process of each instance that the deployment has started itself.
  private let processes: [InstanceName: ReplicaProcess]

  /// - Throws: `RolloutPlanError` when the recorded plan makes no sense.
  init(_ history: DeploymentHistory) throws(RolloutPlanError) {
    let machine = try DeploymentResumption(history).machine
    func instances(where holds: (Slot) -> Bool) -> Set<InstanceName> {
      Set(history.instances.filter { holds($0.key) }.values)
    }
    previous = instances { $0.generation != .new && machine.expected.contains($0) }
    new = instances { $0.generation == .new }
    traffic = machine.traffic
    serving = instances(where: machine.traffic.contains)
    retired = instances(where: machine.retired.contains)
    ended = machine.retired.union(machine.gone)
    wanted = instances(where: machine.wanted.contains)
    slots = Dictionary(
      history.instances.map { ($0.value, $0.key) }, uniquingKeysWith: { first, _ in first })
    processes = history.processes
  }

  /// Whether the end of this process leaves a gap: its instance is wanted, and the deployment has
  /// not started it again since.
  func lacks(_ replica: RunningReplica) -> Bool {
    let instance = replica.spec.instance
    guard wanted.contains(instance) else { return false }
    return processes[instance].map { $0 == ReplicaProcess(replica) } ?? true
  }
}
