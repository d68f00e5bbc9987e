import Events
import Foundation
import TestKit
import Testing

@testable import Operations
@testable import Platforms

/// What a deployment on this machine looks at before it changes anything, with a real HAProxy.
@Suite struct PreflightTests {
  let shop: Shop
  let router: HAProxyRouter
  let runtimes: LocalRuntimes

  init() async throws {
    shop = try await Shop()
    router = HAProxyRouter(RunDirectory(of: "staging", in: shop.workspace.ledger))
    runtimes = LocalRuntimes(shop.workspace, executable: "/nowhere/stele", variables: [:])
  }

  /// What is said of ports when the application wants this one.
  private func said(ofPort port: Int) async throws -> [String] {
    let path = shop.directory.file("config/application.yaml")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try shop.files.write(
      text.replacing("port: 8080", with: "port: \(port)"), to: "config/application.yaml")
    let said = await runtimes.preflight(try shop.configuration(), for: .deployment)
    try shop.files.write()
    return said.filter { $0.hasPrefix("port ") }
  }

  /// One that the system does not hand out by itself meanwhile.
  private func freePort() throws -> Int {
    try #require((20_000..<32_768).shuffled().first(where: isPortFree))
  }

  @Test func `a port that the running router has not is looked at, one that it has is not`()
    async throws
  {
    let (own, others) = (try freePort(), try freePort())
    let other = HAProxyRouter(RunDirectory(of: "production", in: shop.workspace.ledger))
    try await router.ensureRunning([Frontend(name: "web", port: own)])
    try await other.ensureRunning([Frontend(name: "web", port: others)])

    let ofOwn = try await said(ofPort: own)
    let ofOthers = try await said(ofPort: others)

    #expect(ofOwn == [])
    #expect(
      ofOthers == [
        "port \(others) is taken. find it with `ss -ltnp 'sport = :\(others)'`"
      ])
    try await router.stop()
    try await other.stop()
    try await runtimes.shutDown()
  }

  @Test func `what one replica asks for is looked at, too many processors among it`() async throws {
    let base = "config/environments/base.yaml"
    let text = try String(contentsOfFile: shop.directory.file(base), encoding: .utf8)
    try shop.files.write(text.replacing("cpu: 100m", with: "cpu: 900"), to: base)

    let said = await runtimes.preflight(try shop.configuration(), for: .deployment)

    #expect(said.contains { $0.contains("thousandths of a processor for 900000") }, "\(said)")
    try await runtimes.shutDown()
  }

  @Test func `where no router runs every port is looked at`() async throws {
    let port = try freePort()
    try await router.ensureRunning([Frontend(name: "web", port: port)])
    try await router.stop()
    let other = HAProxyRouter(RunDirectory(of: "production", in: shop.workspace.ledger))
    try await other.ensureRunning([Frontend(name: "web", port: port)])

    let said = try await said(ofPort: port)

    #expect(said.count == 1)
    try await other.stop()
    try await runtimes.shutDown()
  }

  @Test func `a router of which nobody knows what it has is an obstacle`() async throws {
    let port = try freePort()
    try await router.ensureRunning([Frontend(name: "web", port: port)])
    let plan = RunDirectory(of: "staging", in: shop.workspace.ledger).router + "/router.json"
    try Files.replace(plan, with: Array("{".utf8))

    let said = await runtimes.preflight(try shop.configuration(), for: .deployment)

    #expect(said.contains { $0.contains(plan) && $0.contains("does not say where it goes") })
    try await router.stop()
    try await runtimes.shutDown()
  }
}
