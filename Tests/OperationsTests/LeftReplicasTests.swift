import Events
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

/// A rollout after another one was held: the way back is to what was good, and to nothing else.
@Suite struct LeftReplicasTests {
  private let shop: Shop

  init() async throws { shop = try await Shop() }

  /// Held: of the second release only what dies is missing.
  private func hold(_ strategy: String) async throws {
    try shop.files.write(strategy: strategy, automatic: false)
    try await shop.deploy("first")
    let second = try await shop.build("second")
    let dying: ComponentName = strategy == "rolling" ? "web" : "worker"
    await shop.platform.behave(.with { $0.endWhenProbed = .status(1) }) {
      $0.build == second && $0.component == dying
    }
    #expect(try await shop.deploy("second").word == "held")
    #expect(await shop.platform.running().contains { $0.spec.build == second })
  }

  @Test(arguments: ["blue-green", "rolling"])
  func `going back stops what was held and brings back the good release alone`(
    strategy: String
  ) async throws {
    try await hold(strategy)
    try shop.files.write(strategy: strategy, automatic: true)
    await shop.spoil(try await shop.build("third"))

    let end = try await shop.deploy("third")

    #expect(end.word == "rolledBack")
    let first = try await shop.build("first")
    let running = await shop.platform.running()
    #expect(running.map(\.spec.component).sorted() == ["web", "worker"])
    #expect(running.allSatisfy { $0.spec.build == first })
    let web = try #require(running.first { $0.spec.component == "web" })
    #expect(
      await shop.runtimes.router.changes.last?["web"]
        == [
          RouterServer(
            instance: web.spec.instance, port: try #require(web.port), share: .weight(100))
        ])
    #expect(try await shop.running()?.certainty == .proven)
    #expect(try await shop.disagreements() == [])
    #expect(try await shop.unentitled() == [])
  }

  @Test func `meanwhile status names what was left, and where requests really go`() async throws {
    try await hold("blue-green")
    _ = try await shop.abandon("third")

    let status = try await StatusWork(shop.session).status(
      of: Shop.staging, at: shop.session.now(),
      sight: RuntimeSight(hasAgent: true, hasRouter: true))

    let unsettled = try #require(status.unsettled)
    #expect(unsettled.release == 3)
    #expect(unsettled.requests == [1])
    #expect(unsettled.left == [LeftReplicas(release: 2, component: "web", count: 1)])
    #expect(unsettled.ended(of: "web", new: false) == 0)
  }

  @Test func `a release that is proven after a hold leaves nothing behind`() async throws {
    try await hold("rolling")

    #expect(try await shop.deploy("third") == .succeeded)

    let third = try await shop.build("third")
    #expect(await shop.platform.running().allSatisfy { $0.spec.build == third })
    #expect(try await shop.disagreements() == [])
  }

  @Test func `of several holds each is named`() async throws {
    try await hold("blue-green")
    let third = try await shop.build("third")
    await shop.platform.behave(.with { $0.endWhenProbed = .status(1) }) {
      $0.build == third && $0.component == "worker"
    }
    #expect(try await shop.deploy("third").word == "held")
    _ = try await shop.abandon("fourth")

    let status = try await StatusWork(shop.session).status(
      of: Shop.staging, at: shop.session.now(),
      sight: RuntimeSight(hasAgent: true, hasRouter: true))

    #expect(
      status.unsettled?.left == [
        LeftReplicas(release: 2, component: "web", count: 1),
        LeftReplicas(release: 3, component: "web", count: 1),
      ])
  }
}
