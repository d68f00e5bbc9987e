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
  /// Where a rollout was held on its way or has lost its driver, requests go where its facts say
  /// that they were last asked to go: to the ports that those replicas have now.
  func keepRouting(to replicas: [RunningReplica], in steady: SteadyRelease) async throws {
    guard try await steady.isSame(as: self.steady()) else { return }
    if steady.abandoned == nil, steady.running.certainty == .proven {
      let kept = keptUp(replicas, in: steady)
      return try await route(
        to: kept, of: steady.configuration.frontends, in: steady,
        beside: replicas.filter { !kept.contains($0) })
    }
    let history = try await session.knownHistory(
      of: steady.abandoned ?? steady.running.deployment)
    let left = try DeploymentReplicas(history)
    let frontends = try await ReplicaOrders(history, session.state(), in: session.workspace)
      .frontends(of: left.traffic)
    let serving = replicas.filter { left.serving.contains($0.spec.instance) }
    try await route(
      to: serving, of: frontends, in: steady,
      beside: replicas.filter { !serving.contains($0) })
  }

  /// - Parameter others: What else runs; it keeps requests that it has as long as nothing else
  ///   could answer them.
  private func route(
    to serving: [RunningReplica], of frontends: [Frontend], in steady: SteadyRelease,
    beside others: [RunningReplica]
  ) async throws {
    await reporting { try await noteRouter(in: steady) }
    try await router.ensureRunning(frontends)
    let traffic = HealthyTraffic(
      serving, doubted: monitor.doubted, lacking: lacking(in: steady, beside: serving),
      beside: others.isEmpty ? [] : try await router.state().serving(of: others))
    try await router.setServers(
      RouterServers(
        frontends: frontends, serving: traffic.serving, draining: traffic.resting
      ).byFrontend)
    guard isRouterDown else { return }
    isRouterDown = false
    try await record([steady.draft(.started(RouterStarted()))])
  }

  /// The components of which something wanted does not run.
  private func lacking(
    in steady: SteadyRelease, beside running: [RunningReplica]
  ) -> Set<ComponentName> {
    let missing = wanted(in: steady).subtracting(running.map(\.spec.instance))
    return Set(
      missing.compactMap { left?.slots[$0]?.component }.compactMap { ComponentName(rawValue: $0) })
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

extension RouterState {
  /// Which of these get requests.
  fileprivate func serving(of replicas: [RunningReplica]) -> [RunningReplica] {
    replicas.filter { replica in
      frontends[replica.spec.component, default: []].contains { state in
        state.server.instance == replica.spec.instance && state.server.port == replica.port
          && state.server.share != .draining
      }
    }
  }
}
