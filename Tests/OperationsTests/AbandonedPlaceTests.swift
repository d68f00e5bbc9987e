import Events
import Foundation
import LedgerStore
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

/// An environment whose deployment has lost its driver, until somebody recovers it.
@Suite struct AbandonedPlaceTests {
  let shop: Shop
  let companion: AgentCompanion
  let web: RunningReplica

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    web = try #require(await shop.platform.running().first { $0.spec.component == "web" })
    companion = await shop.companion()
  }

  private func crash(_ replica: RunningReplica) async {
    await shop.platform.crash(replica.spec.instance)
    await companion.replicaEnded(
      ReplicaEnd(replica: replica, exit: .signal(9), wasAsked: false))
  }

  private func round() async { _ = await companion.round(on: shop.platform) }

  private func replica(of words: String, component: ComponentName = "web") async throws
    -> RunningReplica
  {
    let build = try await shop.build(words)
    return try #require(
      await shop.platform.running().first {
        $0.spec.build == build && $0.spec.component == component
      })
  }

  @Test func `what served dies and is started again, with its requests`() async throws {
    _ = try await shop.abandon("second")

    await crash(web)
    await round()

    let again = try await replica(of: "first")
    #expect(again.spec == web.spec)
    #expect(again.port != web.port)
    #expect(try await shop.routedPorts() == [try #require(again.port)])
    let said = try await shop.observations()
    #expect(said.contains("web exited"))
    #expect(said.contains("web started"))
  }

  @Test func `what died before its driver did is started again too`() async throws {
    shop.runtimes.gate.shut()
    let driver = try await shop.drive("second")
    driver.cancel()
    _ = await driver.result
    await crash(web)
    await round()
    #expect(await !shop.platform.running().contains { $0.spec == web.spec })

    shop.time.advance(milliseconds: 31_000)
    await round()

    #expect(await shop.platform.running().contains { $0.spec == web.spec })
  }

  @Test func `what was not proven is left to whoever recovers`() async throws {
    _ = try await shop.abandon("second")
    let new = try await replica(of: "second")
    let before = try await shop.routedPorts()

    await crash(new)
    await round()

    #expect(await !shop.platform.running().contains { $0.spec == new.spec })
    #expect(try await !shop.observations().contains("web exited"))
    #expect(try await shop.routedPorts() == before)
  }

  @Test func `a router that dies comes back with what it had`() async throws {
    _ = try await shop.abandon("second")
    await shop.runtimes.router.stop()

    await round()

    #expect(try await shop.routedPorts() == [try #require(web.port)])
    #expect(try await shop.observations().contains("router started"))
  }

  @Test(arguments: [false, true])
  func `whoever recovers finds what the agent kept up`(abort: Bool) async throws {
    _ = try await shop.abandon("second")
    await crash(web)
    await round()
    shop.runtimes.gate.open()

    _ = try await shop.recover(abort: abort)

    let build = try await shop.build(abort ? "first" : "second")
    let running = await shop.platform.running()
    #expect(running.map(\.spec.component).sorted() == ["web", "worker"])
    #expect(running.allSatisfy { $0.spec.build == build })
    #expect(try await shop.routedPorts() == shop.ports(of: abort ? "first" : "second"))
    #expect(try await shop.disagreements() == [])
  }

  @Test func `the agent rests while somebody recovers`() async throws {
    _ = try await shop.abandon("second")
    let recovery = Task { try await shop.recover() }
    try #require(
      await eventually {
        try await shop.session.state().leases.lease(in: Shop.staging)?
          .isDriven(at: shop.time.now()) == true
      })
    await crash(web)

    await round()

    #expect(await !shop.platform.running().contains { $0.spec == web.spec })
    shop.runtimes.gate.open()
    _ = try await recovery.value
  }

  @Test func `a replica started while somebody began to recover stays only if it is expected`()
    async throws
  {
    _ = try await shop.abandon("second")
    await crash(web)
    let platform = InterruptedPlatform(shop.platform) { [shop] in
      _ = Task { try await shop.recover() }
      _ = try? await eventually {
        try await shop.session.state().leases.lease(in: Shop.staging)?
          .isDriven(at: shop.time.now()) == true
      }
    }

    _ = await companion.round(on: platform)
    shop.runtimes.gate.open()
    try #require(
      await eventually { try await shop.session.state().deployments.open(in: Shop.staging) == nil })
    await round()

    let running = await shop.platform.running()
    #expect(running.map(\.spec.component).sorted() == ["web", "worker"])
    let ports = running.filter { $0.spec.component == "web" }.compactMap(\.port)
    #expect(try await shop.routedPorts() == Set(ports))
  }
}
