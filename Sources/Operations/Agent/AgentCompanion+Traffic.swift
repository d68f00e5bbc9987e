import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections
import Rollouts

extension AgentCompanion {
  /// Gives the router what it should have, which changes nothing when it has it.
  ///
  /// Where a rollout was held on its way, it keeps what that rollout gave it; where one has lost
  /// its driver, requests go where its facts say that they were last asked to go.
  func keepRouting(to replicas: [RunningReplica], in steady: SteadyRelease) async throws {
    guard try await steady.isSame(as: self.steady()) else { return }
    guard let abandoned = steady.abandoned else {
      let serving = keptUp(replicas, in: steady)
      let isProven = steady.running.certainty == .proven
      return try await route(
        to: isProven ? serving : nil, of: steady.configuration.frontends, in: steady)
    }
    let left = try await self.replicas(of: abandoned)
    let serving = replicas.filter { left.serving.contains($0.spec.instance) }
    try await route(to: serving, of: frontends(of: abandoned, for: left.traffic), in: steady)
  }

  private func frontends(
    of deployment: DeploymentID, for traffic: Set<Slot>
  ) async throws -> [Frontend] {
    guard let history = try await session.history(of: deployment) else {
      throw DeploymentError.unknown("\(deployment)")
    }
    return try await ReplicaOrders(history, session.state(), in: session.workspace)
      .frontends(of: traffic)
  }

  /// - Parameter serving: nil where nobody knows what is to get requests.
  private func route(
    to serving: [RunningReplica]?, of frontends: [Frontend], in steady: SteadyRelease
  ) async throws {
    await reporting { try await noteRouter(in: steady) }
    try await router.ensureRunning(frontends)
    if let serving {
      let traffic = HealthyTraffic(
        serving, healthy: monitor.healthy, unhealthy: monitor.unhealthy)
      try await router.setServers(
        RouterServers(
          frontends: frontends, serving: traffic.serving, draining: traffic.resting
        ).byFrontend)
    }
    guard isRouterDown else { return }
    isRouterDown = false
    try await record([steady.draft(.started(RouterStarted()))])
  }

  /// Records once that the router does not answer, before it is brought up again.
  private func noteRouter(in steady: SteadyRelease) async throws {
    do {
      _ = try await router.state()
    } catch {
      guard case .notRunning(_, let reason) = error, !isRouterDown else { return }
      isRouterDown = true
      log.error("\(error)")
      try await record([steady.draft(.stopped(RouterStopped(reason: MachineWords(reason))))])
    }
  }
}
