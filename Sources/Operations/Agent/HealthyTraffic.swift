import Events
import Platforms

/// Which replicas get requests while nothing is deployed: those that nobody found unhealthy.
///
/// Never the last ones: of a component without a healthy replica all keep what they have, since a
/// slow answer is better than none, and probes that fail may be the prober's fault. What else
/// answers for such a component, as what ran before a ledger was restored, answers on, alone.
struct HealthyTraffic: Equatable {
  let serving: [RunningReplica]
  /// Those that only answer what they have.
  let resting: [RunningReplica]

  /// - Parameters:
  ///   - replicas: What is to run.
  ///   - others: What gets requests now, and is to have none once what is to run is well.
  init(
    _ replicas: [RunningReplica], healthy: Set<InstanceName>, unhealthy: Set<InstanceName>,
    beside others: [RunningReplica] = []
  ) {
    let relieved = Set(
      replicas.filter { $0.isWell(healthy: healthy) }.map(\.spec.component))
    let standing = others.filter { !relieved.contains($0.spec.component) }
    let awaited = Set(standing.map(\.spec.component))
    let rests = { (replica: RunningReplica) in
      awaited.contains(replica.spec.component)
        || unhealthy.contains(replica.spec.instance) && relieved.contains(replica.spec.component)
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
