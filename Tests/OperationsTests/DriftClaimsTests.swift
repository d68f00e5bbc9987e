import Access
import Environments
import Events
import LedgerStore
import Platforms
import Projections
import TestKit
import Testing
import Verification

@testable import Operations

/// What scans are said to have seen, by whoever has the service's key and rests it on a decision.
@Suite struct DriftClaimsTests {
  let shop: Shop

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
  }

  private let place = Shop.staging
  private let finding = DriftFinding(
    .missing, .replicas, component: "web", instance: "web-1", ledger: "runs")

  private func say(_ said: [any EventPayload]) async throws -> Int {
    let granted = try await shop.session.authorize(.scanDrift, by: shop.person, in: place)
    return try await shop.session.recordFact(
      EntryDraft(
        said.map { draft($0) }, expects: granted.expects, because: [granted.decision]),
      by: shop.session.signer(.service)
    ).position
  }

  private func draft(_ payload: some EventPayload) -> DraftEvent {
    DraftEvent(payload, in: .drift(place.application, place.environment), scope: place.scope)
  }

  private func scanned(_ release: Int? = 1) -> DriftScanned {
    DriftScanned(leaves: 1, equal: 0, found: 1, notCompared: 0, release: release)
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  @Test func `a scan is of a release that there is`() async throws {
    _ = try await say([scanned(1)])
    _ = try await say([scanned(nil)])
    let position = try await say([scanned(2)])

    #expect(try await findings() == ["\(position): is of staging#2, which there is not"])
  }

  @Test func `what is open is not found again`() async throws {
    _ = try await say([DriftFound(finding), scanned()])
    let position = try await say([DriftFound(finding), scanned()])

    #expect(try await findings() == ["\(position): finds what was found before and is open"])
  }

  @Test func `what one scan found twice is one thing, of which words were clipped`() async throws {
    _ = try await say([DriftFound(finding), DriftFound(finding), scanned()])
    _ = try await say([DriftResolved(finding), DriftFound(finding), scanned()])

    #expect(try await findings() == [])
  }

  @Test func `what nobody found, or is resolved, is not resolved`() async throws {
    let never = try await say([DriftResolved(finding), scanned()])
    _ = try await say([DriftFound(finding), scanned()])
    _ = try await say([DriftResolved(finding), scanned()])
    let again = try await say([DriftResolved(finding), scanned()])

    #expect(try await findings() == [never, again].map { "\($0): resolves what is not open" })
  }

  @Test func `what scans find, resolve and find again is found in order`() async throws {
    let web = try #require(
      await shop.platform.running().first { $0.spec.component == "web" })
    for _ in 0..<2 {
      await shop.platform.crash(web.spec.instance)
      #expect(try await !scan().news.found.isEmpty)
      #expect(try await scan().news.found.isEmpty)
      _ = try await shop.platform.start(web.spec)
      #expect(try await !scan().news.resolved.isEmpty)
    }

    #expect(try await findings() == [])
  }

  private func scan() async throws -> DriftReport {
    try await DriftWork(shop.session, runtimes: shop.runtimes).scan(
      place, files: .seen(shop.configuration().recorded), by: shop.person)
  }
}
