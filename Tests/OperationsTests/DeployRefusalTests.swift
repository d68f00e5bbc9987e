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

@Suite struct DeployRefusalTests {
  @Test func `a canary deployment is refused`() async throws {
    let shop = try await Shop()
    try shop.files.write(strategy: "canary")
    await #expect(throws: DeploymentError.strategyMissing("staging")) {
      try await shop.deploy("first")
    }
    #expect(try await shop.newestDeployment() == nil)
  }

  @Test func `a build that nobody recorded is refused`() async throws {
    let shop = try await Shop()
    let unknown = ContentDigest(sha256: Digest(bytes: Array(repeating: 7, count: 32)))
    let wish = try shop.wish(unknown)
    await #expect(throws: BuildError.unknown(unknown)) {
      try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
        wish, by: shop.person, observer: { _ in })
    }
  }

  @Test func `a build of other components is refused`() async throws {
    let shop = try await Shop()
    let paths = try shop.files.artifacts("first").filter { $0.key == "web" }
    let made = try await BuildWork(shop.session).make(
      "shop", from: paths, change: Shop.change(), by: shop.person)
    let wish = try shop.wish(made.digest)
    await #expect(
      throws: DeploymentError.componentsDiffer(build: ["web"], application: ["web", "worker"])
    ) {
      try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
        wish, by: shop.person, observer: { _ in })
    }
  }

  @Test func `a build whose artifact is gone is refused, and names what else there is`()
    async throws
  {
    let shop = try await Shop()
    let digest = try await shop.build("first")
    let path = try await shop.removeArtifact(of: "web", in: digest)
    let wish = try shop.wish(digest)

    await #expect(throws: DeploymentError.artifactGone("staging", "web", path: path)) {
      try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
        wish, by: shop.person, observer: { _ in })
    }
    #expect(try await shop.newestDeployment() == nil)
  }

  @Test func `what the machine lacks is said before anything is recorded`() async throws {
    let shop = try await Shop()
    shop.runtimes.lack("HAProxy is missing")
    await #expect(throws: DeploymentError.preflight(["HAProxy is missing"])) {
      try await shop.deploy("first")
    }
    #expect(try await shop.newestDeployment() == nil)
    #expect(await shop.platform.started.isEmpty)
  }

  @Test func `a person without a grant is denied and the ledger says so`() async throws {
    let shop = try await Shop()
    let stranger = try await shop.stranger()
    let wish = try shop.wish(try await shop.build("first"))
    await #expect {
      try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
        wish, by: stranger, observer: { _ in })
    } throws: { error in
      (error as? AccessDenied)?.decision.reasons == [.noGrant]
        && (error as? AccessDenied)?.exitStatus == .noPermission
        && "\(error)".contains("denied")
    }
    let tally = try await shop.session.state().decisions.tally(of: "staging")
    #expect(tally.denied == 1)
    #expect(tally.last?.actor == stranger.actor)
    #expect(try await shop.newestDeployment() == nil)
  }
}
