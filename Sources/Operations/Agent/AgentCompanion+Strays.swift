import Environments
import Events
import LedgerStore
import Logging
import Platforms
import Projections

extension AgentCompanion {
  /// Ends what runs beside a proven release and is none of it: what somebody began to start and
  /// nobody waits for any more, what a deployment that did not see it went on without, and what it
  /// could not end. Only when all that is wanted runs, is well and gets its requests: until then
  /// what a sync or a restored ledger has left may be all that answers.
  func endStrays(on platform: any Platform, in steady: SteadyRelease) async throws {
    guard steady.abandoned == nil, steady.running.certainty == .proven, !isLedgerDoubted, let left
    else { return }
    let running = try await platform.running()
    let well = running.filter { $0.isWell(healthy: monitor.healthy) }.map(\.spec.instance)
    guard left.wanted.isSubset(of: well) else { return }
    for instance in running.map(\.spec.instance) where !left.wanted.contains(instance) {
      beside(instance) { try await self.end(instance, on: platform, in: steady) }
    }
  }

  private func end(
    _ instance: InstanceName, on platform: any Platform, in steady: SteadyRelease
  ) async throws {
    // Somebody may have begun to drive meanwhile: then all of it is theirs.
    guard try await steady.isSame(as: self.steady()), !isLedgerDoubted else { return }
    log.notice("\(instance) is stopped: the release that runs has no such replica")
    _ = try await platform.stop(instance, graceMs: Int64(steady.stopGraceMs))
  }

  /// Ends what runs where the ledger says that nothing does: what a first deployment had begun to
  /// start and could not stop. What no deployment has begun, a ledger that was restored has not
  /// seen: it may be all that answers.
  func endAll(on platform: any Platform) async throws {
    guard try await isEmpty() else { return }
    let running = try await platform.running()
    guard !running.isEmpty else { return }
    let begun = try await begun()
    for replica in running where begun.contains(replica.spec.instance) {
      beside(replica.spec.instance) {
        try await self.endWhereEmpty(replica.spec.instance, on: platform)
      }
    }
  }

  /// Every instance that a deployment in the environment has ever begun to start.
  private func begun() async throws -> Set<InstanceName> {
    let session = session
    let deployments = try await session.state().deployments.all
    var begun: Set<InstanceName> = []
    for deployment in deployments where deployment.place.environment == environment {
      begun.formUnion(try await session.knownHistory(of: deployment.id).instances.values)
    }
    return begun
  }

  private func endWhereEmpty(
    _ instance: InstanceName, on platform: any Platform
  ) async throws {
    guard try await isEmpty() else { return }
    log.notice("\(instance) is stopped: nothing is to run here")
    _ = try await platform.stop(
      instance, graceMs: Int64(RolloutSettings.standard.stopGraceMs))
  }

  /// Whether nothing runs in the environment, by the ledger, and nobody is about to change that.
  private func isEmpty() async throws -> Bool {
    try session.ledger.demandInPlace()
    let state = try await session.state()
    try await session.proveWhole()
    return !state.running.places.contains { $0.environment == environment }
      && !state.deployments.isOpen(in: environment)
  }
}
