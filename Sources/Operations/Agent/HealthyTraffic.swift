import Events
import Platforms

/// Which replicas get requests while nothing is deployed: those that nobody found unhealthy.
///
/// Never the last ones: of a component without a healthy replica all keep what they have, since a
/// slow answer is better than none, and probes that fail may be the prober's fault.
struct HealthyTraffic: Equatable {
  let serving: [RunningReplica]
  /// Unhealthy ones, which only answer what they have.
  let resting: [RunningReplica]

  init(
    _ replicas: [RunningReplica], healthy: Set<InstanceName>, unhealthy: Set<InstanceName>
  ) {
    let relieved = Set(
      replicas.filter { healthy.contains($0.spec.instance) }.map(\.spec.component))
    let rests = { (replica: RunningReplica) in
      unhealthy.contains(replica.spec.instance) && relieved.contains(replica.spec.component)
    }
    serving = replicas.filter { !rests($0) }
    resting = replicas.filter(rests)
  }
}
