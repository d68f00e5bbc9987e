import Events
import Platforms

/// Which replicas get requests while nothing is deployed: those that are known to be well.
///
/// Never the last ones: of a component without one that is well all keep what they have, since a
/// slow answer is better than none, and probes that fail may be the prober's fault. What else
/// answers for a component, as what ran before a ledger was restored, answers on until all that is
/// to run of it is well, beside those that are.
struct HealthyTraffic: Equatable {
  let serving: [RunningReplica]
  /// Those that only answer what they have.
  let resting: [RunningReplica]

  /// - Parameters:
  ///   - replicas: What is to run.
  ///   - doubted: Of these, whoever was asked and is not known to be well.
  ///   - lacking: Components of which more is to run than does.
  ///   - others: What gets requests now, and is to have none once what is to run is well.
  init(
    _ replicas: [RunningReplica], doubted: Set<InstanceName>, lacking: Set<ComponentName> = [],
    beside others: [RunningReplica] = []
  ) {
    let isWell = { (replica: RunningReplica) in !doubted.contains(replica.spec.instance) }
    let relieved = Set(replicas.filter(isWell).map(\.spec.component))
    let open = lacking.union(replicas.filter { !isWell($0) }.map(\.spec.component))
    let standing = others.filter {
      open.contains($0.spec.component) || !relieved.contains($0.spec.component)
    }
    let answered = relieved.union(standing.map(\.spec.component))
    let rests = { (replica: RunningReplica) in
      !isWell(replica) && answered.contains(replica.spec.component)
    }
    serving = replicas.filter { !rests($0) } + standing
    resting = replicas.filter(rests)
  }
}

extension RunningReplica {
  /// Whether it is known to be well, or runs and cannot be asked.
  func isWell(healthy: Set<InstanceName>) -> Bool {
    healthy.contains(spec.instance) || probeTarget(timeoutMs: 1) == nil
  }
}
