import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import LedgerStore
import Platforms
import Projections
import Rollouts
import TestKit
import Testing

@testable import Operations

@Suite struct DeployTests {
  @Test func `a first deployment runs and takes the traffic`() async throws {
    let shop = try await Shop()
    #expect(try await shop.deploy("first") == .succeeded)
    let running = try #require(await shop.running())
    #expect(running.release == 1)
    #expect(running.certainty == .proven)
    #expect(await shop.platform.running().count == 2)
    let servers = try await shop.runtimes.router.state().frontends["web"]
    #expect(servers?.count == 1)
    #expect(try await shop.session.state().leases.lease(in: Shop.staging) == nil)
    #expect(try await shop.disagreements() == [])
  }

  @Test func `an upgrade moves the traffic and stops what ran before`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    #expect(try await shop.deploy("second") == .succeeded)
    let second = try await shop.build("second")
    #expect(try await shop.running()?.build == second)
    let replicas = await shop.platform.running()
    #expect(replicas.count == 2)
    #expect(replicas.allSatisfy { $0.spec.build == second })
    let served = try await shop.runtimes.router.state().frontends["web"]?.map(\.server.instance)
    #expect(served == replicas.filter { $0.spec.component == "web" }.map(\.spec.instance))
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a rolling upgrade replaces what ran before`() async throws {
    let shop = try await Shop()
    try shop.files.write(strategy: "rolling")
    try await shop.deploy("first")
    #expect(try await shop.deploy("second") == .succeeded)
    let second = try await shop.build("second")
    #expect(await shop.platform.running().allSatisfy { $0.spec.build == second })
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a deployment's change is its build's, and what was said when it was deployed`()
    async throws
  {
    let shop = try await Shop()
    let built = try ChangeCapture.change(
      flags: ChangeFlags(ticket: "SHOP-1"), variables: [:],
      git: GitFacts(
        log: Self.commit("a") + "\nOne, by Ada\n", origin: "https://git.example/shop.git",
        status: nil))
    let build = try await BuildWork(shop.session).make(
      "shop", from: shop.files.artifacts("one"), change: built, by: shop.person)
    let deployed = try ChangeCapture.change(
      flags: ChangeFlags(run: "https://ci.example/runs/7"), variables: [:],
      git: GitFacts(
        log: Self.commit("b") + "\nSHOP-2: something else\n", origin: nil, status: nil))
    _ = try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      DeploymentWish(
        configuration: try shop.configuration(), policy: .none, build: build.digest,
        cause: .deployment,
        change: deployed), by: shop.person, observer: { _ in })

    let id = try #require(try await shop.newestDeployment())
    let change = try #require(try await shop.session.history(of: id)).started.change
    #expect(change.message == nil, "it is sealed in the build's entry")
    #expect(change.commit?.text == Self.commit("a"))
    #expect(change.repository?.text == "https://git.example/shop.git")
    #expect(change.ticket == "SHOP-1")
    #expect(change.run?.text == "https://ci.example/runs/7")
  }

  private static func commit(_ digit: Character) -> String { String(repeating: digit, count: 40) }

  @Test func `a release that dies is rolled back under a new number`() async throws {
    let shop = try await Shop()
    try await shop.deploy("first")
    let first = try await shop.build("first")
    await shop.spoil(try await shop.build("second"))
    let end = try await shop.deploy("second")
    guard case .rolledBack(restored: 1, _) = end else {
      Issue.record("it ended \(end)")
      return
    }
    #expect(end.exitStatus == .rolledBack)
    let running = try #require(await shop.running())
    #expect(running.build == first)
    #expect(running.release == 3)
    let releases = try await shop.session.state().releases.all(in: Shop.staging)
    #expect(releases.map(\.number) == [1, 2, 3])
    #expect(releases.map(\.outcome) == [.succeeded, .rolledBack, .succeeded])
    #expect(await shop.platform.running().allSatisfy { $0.spec.build == first })
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a release that dies is held where nothing is automatic`() async throws {
    let shop = try await Shop()
    try shop.files.write(automatic: false)
    try await shop.deploy("first")
    await shop.spoil(try await shop.build("second"))
    let end = try await shop.deploy("second")
    #expect(end.word == "held")
    #expect(end.exitStatus == .negative)
    #expect(try await shop.running()?.certainty == .mixed)
    #expect(try await shop.disagreements() == [])
  }

  @Test func `a first deployment that dies is stopped`() async throws {
    let shop = try await Shop()
    await shop.spoil(try await shop.build("first"))
    #expect(try await shop.deploy("first").word == "stopped")
    #expect(try await shop.running() == nil)
    #expect(await shop.platform.running().isEmpty)
    #expect(try await shop.disagreements() == [])
  }
}
