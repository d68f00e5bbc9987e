import Environments
import Events
import LedgerStore
import Platforms
import Projections
import TestKit
import Testing

@testable import Operations

/// Flags that are set while something else is on its way.
@Suite struct FlagWorkTests {
  let shop: Shop

  init() async throws { shop = try await Shop() }

  private var files: ProjectFiles { ProjectFiles(shop.workspace, variables: [:]) }

  @discardableResult
  private func set(_ name: String, _ text: String) async throws -> ConfigurationWork.Applied {
    try await FlagWork(shop.session).change(
      name, .set(text: text, kind: nil, isNew: true), in: files.load(.staging), of: files,
      by: shop.person, reason: nil)
  }

  private func deploy(_ wish: DeploymentWish) async throws -> DeploymentEnd {
    try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      wish, by: shop.person, observer: { _ in })
  }

  @Test func `a deployment that was prepared before a flag was set does not undo it`()
    async throws
  {
    let wish = try shop.wish(try await shop.build("first"))
    try await set("fast", "true")

    let error = await #expect(throws: FlagError.self) { try await deploy(wish) }
    #expect(error == .moved("staging"))
    #expect(error?.exitStatus == .tryAgain)
    #expect(try await shop.running() == nil)
    #expect(try await shop.session.state().flags(in: Shop.staging).map(\.name) == ["fast"])
  }

  @Test func `a configuration that was prepared before does not either`() async throws {
    let configuration = try shop.configuration()
    try await set("fast", "true")

    await #expect(throws: FlagError.moved("staging")) {
      try await ConfigurationWork(shop.session).apply(
        configuration, policy: .none, by: shop.person, reason: nil)
    }
  }

  @Test func `a process gets no more flags than a variable has room for`() async throws {
    let flags = (0..<FlagWork.flagsMax).map {
      FeatureFlag(name: "f\($0)", value: .integer($0), isSet: true)
    }
    let project = try files.load(.staging)
    _ = try await ConfigurationWork(shop.session).apply(
      try project.setting(flags).resolved, madeWith: [], policy: .none, by: shop.person,
      reason: nil)

    let error = await #expect(throws: FlagError.self) { try await set("more", "1") }
    #expect(error == .tooMany("staging"))
    #expect("\(try #require(error))".contains("staging has 200"))
    try await set("f7", "8")
    #expect(try await shop.session.state().flags(in: Shop.staging)["f7"]?.value == .integer(8))
  }

  @Test func `flags of a release are those that its replicas get`() async throws {
    try await set("fast", "true")
    let project = try await shop.session.wanted(files.load(.staging))
    let end = try await deploy(
      DeploymentWish(
        configuration: project.resolved, policy: .none, build: try await shop.build("first"),
        cause: .deployment))

    #expect(end == .succeeded)
    let started = await shop.platform.started
    #expect(!started.isEmpty)
    #expect(
      started.allSatisfy {
        $0.variables["STELE_FLAGS"]?.contains(#"{"name":"fast","value":true}"#) == true
      })
  }
}
