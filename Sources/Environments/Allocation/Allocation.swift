/// What an environment's configuration asks for, replica by replica, in exact numbers.
package struct Allocation: Hashable, Sendable {
  package let components: [Component]

  package struct Component: Hashable, Sendable {
    package let name: String
    /// From the fewest to the most that scaling may run.
    package let replicas: ClosedRange<Int>
    /// Of one replica.
    package let share: Amounts
  }

  /// From the schema alone: the orchestrator and the workers.
  package init(_ resources: Resources) {
    components = [
      Component(
        name: "orchestrator",
        replicas: resources.orchestrator.replicas...resources.orchestrator.replicas,
        share: Amounts(resources.orchestrator.share)),
      Component(
        name: "workers",
        replicas: resources.workers.minReplicas...resources.workers.maxReplicas,
        share: Amounts(resources.workers.share)),
    ]
  }

  /// From what a release runs, under the components' own names.
  package init(_ plan: ApplicationPlan) {
    components = plan.components.map { component in
      Component(
        name: "\(component.name)", replicas: component.replicas...component.replicas,
        share: Amounts(component.share))
    }
  }
}

extension Allocation {
  /// What the fewest replicas need.
  package var least: Amounts { total { $0.replicas.lowerBound } }

  /// What the most replicas need.
  package var most: Amounts { total { $0.replicas.upperBound } }

  /// What is needed beside the running release while this one replaces it, fewest replicas each.
  ///
  /// Blue-green starts everything beside what runs. Rolling starts at most `maxSurge` replicas of
  /// each component at a time. Canary counts as blue-green: all of it comes before the old goes.
  package func surge(_ strategy: DeploymentSettings.Strategy, maxSurge: Int) -> Amounts {
    switch strategy {
    case .blueGreen, .canary: least
    case .rolling: total { min($0.replicas.lowerBound, maxSurge) }
    }
  }

  /// What the replica that asks for most asks for.
  package var largestMilliCPU: Int { components.map(\.share.milliCPU).max() ?? 0 }

  private func total(_ replicas: (Component) -> Int) -> Amounts {
    components.reduce(.none) { $0 + $1.share * replicas($1) }
  }
}
