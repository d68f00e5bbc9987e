import Environments
import Events
import Foundation
import Projections
import TestKit
import Testing

@testable import Operations

/// Replicas, proxy and agent of an environment are those of one application.
@Suite struct SecondApplicationTests {
  let shop: Shop

  init() async throws { shop = try await Shop() }

  private let store = Place("store", "staging")

  /// The project says now that it is another application.
  private func rename() throws {
    let file = try String(contentsOfFile: shop.workspace.application, encoding: .utf8)
    try shop.files.write(
      file.replacing("application: shop", with: "application: store"),
      to: "config/application.yaml")
  }

  private func deployStore() async throws -> DeploymentEnd {
    let build = try await BuildWork(shop.session).make(
      "store", from: shop.files.artifacts("other"), change: Shop.change(), by: shop.person)
    return try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      try shop.wish(build.digest), by: shop.person, observer: { _ in })
  }

  @Test func `another application is refused where one runs, and nothing has changed`()
    async throws
  {
    try await shop.deploy("first")
    let started = await shop.platform.started
    try rename()

    await #expect(throws: DeploymentError.occupied(store, by: "shop")) { try await deployStore() }

    #expect(try await shop.session.state().releases.all(in: store).isEmpty)
    #expect(await shop.platform.started == started)
    #expect(try await shop.running()?.release == 1)
  }

  @Test func `it is not rolled back or recovered in the other one's place either`() async throws {
    try await shop.deploy("first")
    try rename()

    await #expect(throws: DeploymentError.occupied(store, by: "shop")) {
      try await RollbackWork(shop.session, runtimes: shop.runtimes).plan(store, to: nil)
    }
    await #expect(throws: DeploymentError.occupied(store, by: "shop")) {
      try await RecoverWork(shop.session, runtimes: shop.runtimes).recover(
        store, by: shop.person, observer: { _ in })
    }
  }

  @Test func `where nothing of another runs any more, it is deployed`() async throws {
    await shop.spoil(try await shop.build("first"))
    try await shop.deploy("first")
    #expect(try await shop.running() == nil)
    try rename()

    _ = try await deployStore()

    #expect(try await shop.session.state().running.running(in: store)?.release == 1)
  }

  @Test func `the refusal is one of configuration, and says both ways out`() {
    let error = DeploymentError.occupied(store, by: "shop")
    #expect(error.exitStatus == .configuration)
    #expect("\(error)".contains("shop runs in staging"))
    #expect("\(error)".contains("write shop again"))
    #expect("\(error)".contains("`stele init store`"))
  }
}
