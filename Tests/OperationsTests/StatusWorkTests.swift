import Events
import LedgerStore
import Platforms
import Projections
import TestKit
import Testing

@testable import Operations

/// What is said of a place, and how old it may be.
@Suite struct StatusWorkTests {
  let shop: Shop

  init() async throws { shop = try await Shop() }

  private func status(
    _ sight: RuntimeSight = RuntimeSight(hasAgent: true, hasRouter: true)
  ) async throws -> PlaceStatus {
    try await StatusWork(shop.session).status(
      of: Shop.staging, at: shop.session.now(), sight: sight)
  }

  @Test func `health that nobody confirmed for too long is unknown, with its age`() async throws {
    try await shop.deploy("first")
    shop.time.stop()
    let limits = HealthLimits(try shop.configuration())

    shop.time.advance(milliseconds: limits.staleMs / 2)
    let recent = try await status().instances
    shop.time.advance(milliseconds: limits.staleMs)
    let old = try await status().instances

    #expect(limits.staleMs == 60_000 + limits.silenceMs)
    #expect(recent.map(\.state) == [.healthy, .healthy])
    #expect(old.map(\.state) == [.unknown, .unknown])
    #expect(old.allSatisfy { $0.isStale && $0.ageMs > limits.staleMs })
  }

  @Test func `what an agent goes on confirming stays known`() async throws {
    try await shop.deploy("first")
    shop.time.stop()
    let companion = await shop.companion()
    for _ in 1...40 {
      _ = await companion.round(on: shop.platform)
      shop.time.advance(milliseconds: 5_000)
    }

    let instances = try await status().instances
    #expect(!instances.isEmpty)
    #expect(instances.allSatisfy { !$0.isStale })
  }

  @Test func `replicas of a rollout are not those of what runs`() async throws {
    try await shop.deploy("first")
    shop.time.stop()
    let before = try await status()
    _ = try await shop.abandon("second")

    let during = try await status()

    #expect(before.instances.allSatisfy { !$0.isNew })
    #expect(before.unsettled == nil)
    // What serves is as well known as before.
    let serving = during.instances.filter { !$0.isNew }
    #expect(serving.map(\.instance) == before.instances.map(\.instance))
    #expect(serving.map(\.state) == before.instances.map(\.state))
    #expect(during.instances.contains { $0.isNew })
    #expect(during.unsettled?.components.map(\.name) == ["web", "worker"])
  }

  @Test func `replicas of a rollout that was held are not those of what runs`() async throws {
    try shop.files.write(automatic: false)
    try await shop.deploy("first")
    await shop.spoil(try await shop.build("second"))
    try await shop.deploy("second")

    #expect(try await status().running?.certainty == .mixed)
    let held = try #require(try await status().unsettled)
    #expect(held.components.map(\.name) == ["web", "worker"])
    #expect(held.requests == [1])
  }

  @Test func `who should be there and is not is missed`() async throws {
    let nobody = RuntimeSight(hasAgent: false, hasRouter: false)
    let empty = try await status(nobody)
    try await shop.deploy("first")

    let without = try await status(nobody)
    let with = try await status()

    #expect(!empty.lacksAgent && !empty.lacksRouter)
    #expect(without.lacksAgent && without.lacksRouter)
    #expect(!with.lacksAgent && !with.lacksRouter)
  }
}
