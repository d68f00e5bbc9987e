import Events
import Foundation
import LedgerStore
import Platforms
import Rollouts
import TestKit
import Testing

@testable import Operations

/// Two replicas behind the router, of which one stops answering while nothing is deployed.
@Suite struct HangingReplicaTests {
  let shop: Shop
  let prober = HangingProber()
  let companion: AgentCompanion
  let web: [RunningReplica]

  init() async throws {
    shop = try await Shop()
    try shop.files.write(healthCheckInterval: 30, replicas: 2)
    try await shop.deploy("first")
    web = await shop.platform.running().filter { $0.spec.component == "web" }
    try #require(web.count == 2)
    shop.time.stop()
    companion = await shop.companion(prober: prober)
  }

  private func round() async { _ = await companion.round(on: shop.platform) }

  private func shares() async throws -> [RouterServer.Share] {
    let servers = try await shop.runtimes.router.state().frontends["web"] ?? []
    return servers.map(\.server.share)
  }

  @Test func `it gets no more requests, and gets them again when it answers`() async throws {
    await round()
    #expect(try await shares() == [.weight(100), .weight(100)])

    await prober.hang([web[0]])
    await round()
    #expect(try await shares() == [.draining, .weight(100)])
    #expect(try await shop.observations() == ["web healthy → unhealthy"])

    await prober.hang([])
    await round()
    #expect(try await shares() == [.weight(100), .weight(100)])
  }

  @Test func `where none answers all of them keep their requests`() async throws {
    await prober.hang(web)
    await round()

    #expect(try await shares() == [.weight(100), .weight(100)])
  }
}

/// Passes everyone but those that hang.
actor HangingProber: Prober {
  private var hanging: Set<Int> = []

  func hang(_ replicas: [RunningReplica]) { hanging = Set(replicas.compactMap(\.port)) }

  func probe(_ target: ProbeTarget) -> ProbeResult {
    let hangs = if case .http(let port, _, _) = target { hanging.contains(port) } else { false }
    return ProbeResult(
      latencyMicroseconds: 1, verdict: hangs ? .fail : .pass,
      reason: hangs ? "no answer" : "it was asked")
  }
}
