/// What a value of an environment's configuration does.
///
/// Every one of them reaches the application: what Stele itself does not act by, such as a log's
/// level or a subnet, is the application's to act by, and a policy's to ask for.
package enum LeafUse: String, Hashable, Sendable, CaseIterable {
  /// What replicas need of the machine and of the stated capacity, before a deployment.
  case allocation
  /// Where a rollout is, how it goes on, and when and whether it goes back.
  case rollout
  /// How replicas are asked how they are, during a rollout and after it.
  case health
  /// Every process gets it, in `STELE_CONFIGURATION` or `STELE_FLAGS`.
  case application
}

extension ConfigurationLeaf {
  /// In the order of ``LeafUse``; never empty.
  package var uses: [LeafUse] {
    LeafUse.allCases.filter { $0 == .application || Self.own[path]?.contains($0) == true }
  }

  /// What Stele acts by.
  private static let own: [String: Set<LeafUse>] = [
    "name": [.rollout],
    "resources.orchestrator.replicas": [.allocation, .rollout],
    "resources.orchestrator.cpu": [.allocation],
    "resources.orchestrator.memory": [.allocation],
    "resources.orchestrator.storage": [.allocation],
    "resources.workers.minReplicas": [.allocation, .rollout],
    "resources.workers.maxReplicas": [.allocation, .rollout],
    "resources.workers.cpu": [.allocation],
    "resources.workers.memory": [.allocation],
    "resources.workers.storage": [.allocation],
    "deployment.strategy": [.allocation, .rollout],
    "deployment.healthCheckPath": [.health],
    "deployment.healthCheckInterval": [.rollout, .health],
    "deployment.healthCheckTimeout": [.rollout, .health],
    "deployment.rollback.enabled": [.rollout],
    "deployment.rollback.automatic": [.rollout],
    "deployment.rollback.timeout": [.rollout],
  ]
}
