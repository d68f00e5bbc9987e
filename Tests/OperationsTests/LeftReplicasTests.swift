import Access
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

  /// Held: of the second release all but one replica run.
  private func hold(_ strategy: String) async throws {
    try shop.files.write(strategy: strategy, automatic: false, replicas: 2)
    try await shop.deploy("first")
    try await spoilSecondWeb(of: 2)
    #expect(try await shop.deploy("second").word == "held")
    let second = try await shop.build("second")
    #expect(await shop.platform.running().contains { $0.spec.build == second })
  }

  private func spoilSecondWeb(of release: Int) async throws {
    await shop.platform.behave(.with { $0.endWhenProbed = .status(1) }) {
      $0.instance.rawValue.hasPrefix("web-\(release)-2-")
    }
  }

  @Test(arguments: ["blue-green", "rolling"])
  func `going back stops what was held and brings back the good release alone`(
    strategy: String
  ) async throws {
    try await hold(strategy)
    try shop.files.write(strategy: strategy, automatic: true, replicas: 2)
    await shop.spoil(try await shop.build("third"))

    let end = try await shop.deploy("third")

    #expect(end.word == "rolledBack")
    let first = try await shop.build("first")
    let running = await shop.platform.running()
    #expect(running.map(\.spec.component).sorted() == ["web", "web", "worker"])
    #expect(running.allSatisfy { $0.spec.build == first })
    let serving = try #require(await shop.runtimes.router.changes.last?["web"])
    #expect(
      Set(serving.map(\.instance))
        == Set(running.filter { $0.spec.component == "web" }.map(\.spec.instance)))
    #expect(try await shop.running()?.certainty == .proven)
    #expect(try await shop.disagreements() == [])
    #expect(try await shop.unentitled() == [])
  }

  /// After a restore: what the ledger wants is not well, and what it does not know answers.
  @Test func `where neither way is well requests stay with what answers`() async throws {
    try shop.files.write(strategy: "blue-green", automatic: true)
    try await shop.deploy("first")
    let web = try #require(
      await shop.platform.running().first { $0.spec.component == "web" })
    let later = try await shop.platform.start(web.spec.renamed("web-later"))
    let port = try #require(later.port)
    try await shop.runtimes.router.setServers([
      "web": [RouterServer(instance: later.spec.instance, port: port)]
    ])
    await shop.platform.behave(.with { $0.endWhenProbed = .status(1) }) { $0.component == "web" }
    _ = try await shop.platform.stop(web.spec.instance, graceMs: 0)
    _ = try await shop.platform.start(web.spec)

    let end = try await shop.deploy("second")

    #expect(end.exitStatus == .rollbackFailed)
    #expect(try await shop.runtimes.router.state().frontends.keys.contains("web"))
    #expect(try await shop.routedPorts() == [port])
    _ = await shop.companion().round(on: shop.platform)
    #expect(try await shop.routedPorts() == [port])
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
    #expect(
      unsettled.left == [
        LeftReplicas(release: 2, component: "web", count: 1),
        LeftReplicas(release: 2, component: "worker", count: 1),
      ])
    #expect(unsettled.ended(of: "web", new: false) == 0)
  }

  @Test(arguments: [true, false])
  func `a rollback to what is still there starts nothing and is one switch`(
    isConfiguredOtherwise: Bool
  ) async throws {
    try shop.files.write(strategy: "blue-green", automatic: false, replicas: 2)
    try await shop.deploy("first")
    let first = Set(await shop.platform.running().map(\.spec.instance))
    try await spoilSecondWeb(of: 2)
    if isConfiguredOtherwise { try shop.files.describe("Held") }
    try await shop.deploy("second")
    let started = await shop.platform.started.count

    let (end, isAsWanted) = try await RollbackWork(shop.session, runtimes: shop.runtimes).rollBack(
      shop.plan(), by: shop.person, on: RollbackWork.Grounds(),
      resting: shop.session.authorize(.rollBack, by: shop.person, in: Shop.staging),
      observer: { _ in })

    #expect(
      end == .rolledBack(restored: 1, reason: "what ran before is asked for, and is still there"))
    #expect(isAsWanted)
    #expect(await shop.platform.started.count == started)
    #expect(Set(await shop.platform.running().map(\.spec.instance)) == first)
    #expect(try await shop.running()?.certainty == .proven)
    #expect(try await shop.session.state().pendingConfiguration(in: Shop.staging) == nil)
    #expect(try await shop.disagreements() == [])
    #expect(try await shop.unentitled() == [])
  }

  @Test func `a hold knows of everything that runs`() async throws {
    try shop.files.write(strategy: "blue-green", automatic: false, replicas: 1)
    try await shop.deploy("first")
    await shop.platform.behave(.with { $0.startFailure = "no such program" }) {
      $0.instance.rawValue.hasPrefix("web-2-")
    }

    #expect(try await shop.deploy("second").word == "held")

    let id = try #require(try await shop.newestDeployment())
    let history = try #require(try await shop.session.history(of: id))
    #expect(history.openSteps.isEmpty)
    let second = try await shop.build("second")
    for replica in await shop.platform.running() where replica.spec.build == second {
      #expect(history.processes[replica.spec.instance] == ReplicaProcess(replica))
    }
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a release that is proven after a hold leaves nothing behind`() async throws {
    try await hold("rolling")

    #expect(try await shop.deploy("third") == .succeeded)

    let third = try await shop.build("third")
    #expect(await shop.platform.running().allSatisfy { $0.spec.build == third })
    #expect(try await shop.disagreements() == [])
  }

  /// Somebody's start that nobody waited for any more, which its agent has not ended yet.
  @Test func `what no entry knows is no part of the release that it has the build of`()
    async throws
  {
    try await shop.deploy("first")
    let first = await shop.platform.running()
    let web = try #require(first.first { $0.spec.component == "web" })
    _ = try await shop.platform.start(web.spec.renamed("web-stray"))
    await shop.spoil(try await shop.build("second"))

    #expect(try await shop.deploy("second").word == "rolledBack")

    #expect(await shop.platform.running() == first)
    #expect(try await shop.routedPorts() == [try #require(web.port)])
    let id = try #require(try await shop.newestDeployment())
    let standing = try #require(
      try await shop.session.history(of: id)?.started.predecessor?.running)
    #expect(standing.filter { $0.release != nil }.map(\.instance) == ["web-stray"])
    #expect(try await shop.disagreements() == [])
  }

  @Test func `of several holds each is named`() async throws {
    try await hold("blue-green")
    try await spoilSecondWeb(of: 3)
    #expect(try await shop.deploy("third").word == "held")
    _ = try await shop.abandon("fourth")

    let status = try await StatusWork(shop.session).status(
      of: Shop.staging, at: shop.session.now(),
      sight: RuntimeSight(hasAgent: true, hasRouter: true))

    #expect(
      status.unsettled?.left == [
        LeftReplicas(release: 2, component: "web", count: 1),
        LeftReplicas(release: 2, component: "worker", count: 1),
        LeftReplicas(release: 3, component: "web", count: 1),
        LeftReplicas(release: 3, component: "worker", count: 1),
      ])
  }
}
