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

/// What is recorded of syncs that nobody carries out, signed with the service's key.
@Suite struct SyncClaimsTests {
  let shop: Shop

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
  }

  private let place = Shop.staging

  private static let said: [any EventPayload] = [
    SyncStepStarted(step: 1, action: .stopReplica, instances: ["stray-1"]),
    SyncStepFinished(step: 1, outcome: .done, durationMs: 1),
    SyncEnded(outcome: .done),
  ]

  private func say(_ said: any EventPayload) async throws -> Int {
    try await shop.session.recordFact(
      EntryDraft([draft(said)]), by: shop.session.signer(.service)
    ).position
  }

  private func draft(_ payload: some EventPayload) -> DraftEvent {
    DraftEvent(payload, in: .sync(place.application, place.environment), scope: place.scope)
  }

  /// Begins a sync and does nothing more, as a driver that died.
  private func begin(takesLease: Bool = true) async throws -> Int {
    let running = try #require(try await shop.running())
    let granted = try await shop.session.authorize(.startSync, by: shop.person, in: place)
    let lease = DraftEvent(
      LeaseTaken(
        deployment: running.deployment, owner: shop.person.actor, process: .this,
        until: shop.time.now().adding(milliseconds: RolloutDriver.leaseMs)),
      in: .lease(place.application, place.environment), scope: place.scope)
    let started = draft(SyncStarted(deployment: running.deployment, release: running.release))
    return try await shop.session.recordFact(
      EntryDraft(
        takesLease ? [started, lease] : [started], expects: granted.expects,
        because: [granted.decision]),
      by: shop.person
    ).position
  }

  private func synchronize() async throws {
    let worker = try #require(
      await shop.platform.running().first { $0.spec.component == "worker" })
    await shop.platform.crash(worker.spec.instance)
    let report = try await SyncWork(shop.session, runtimes: shop.runtimes).synchronize(
      place, files: .seen(shop.configuration().recorded), by: shop.person
    ) { _ in }
    #expect(report.ended == SyncEnded(outcome: .done))
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  @Test(arguments: said)
  func `nothing is said of a sync that nobody started, nor of one that has ended`(
    said: any EventPayload
  ) async throws {
    let never = try await say(said)
    try await synchronize()
    let late = try await say(said)

    #expect(
      try await findings() == [never, late].map { "\($0): is of a sync that is not under way" })
  }

  @Test func `what is said while one is under way is found in order`() async throws {
    _ = try await begin()
    for said in Self.said { _ = try await say(said) }

    #expect(try await findings() == [])
  }

  @Test func `a sync takes the environment with its start`() async throws {
    let position = try await begin(takesLease: false)

    #expect(try await findings() == ["\(position): does not take the environment"])
  }

  @Test func `where a driver died another sync begins, and goes on by itself`() async throws {
    _ = try await begin()
    _ = try await say(Self.said[0])
    shop.time.advance(milliseconds: RolloutDriver.leaseMs + 1)
    try await synchronize()

    #expect(try await findings() == [])
  }

  @Test(arguments: said)
  func `a sync is over when a deployment takes the environment from it`(
    said: any EventPayload
  ) async throws {
    _ = try await begin()
    shop.time.advance(milliseconds: RolloutDriver.leaseMs + 1)
    try await shop.deploy("second")
    let position = try await say(said)

    #expect(try await findings() == ["\(position): is of a sync that is not under way"])
  }
}
