import Access
import Events
import LedgerStore
import Projections
import Rollouts
import TestKit
import Testing
import Verification

@testable import Operations

/// What is recorded of deployments and leases by somebody who drives nothing, or of what nobody
/// drives: signed by keys that may sign such kinds, and named by `stele verify`.
@Suite struct DeploymentClaimsTests {
  let shop: Shop
  /// Has a key and no grant.
  let eve: Signer
  let service: Signer

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    let path = shop.directory.file("eve.pem")
    _ = try await KeyAddition(shop.session).add(.file(path), role: .actor, owner: nil, grant: nil)
    eve = try await shop.session.person(keyAt: path)
    service = try await shop.session.signer(.service)
  }

  private let place = Shop.staging

  private var ended: DeploymentID {
    get async throws { try #require(try await shop.newestDeployment()) }
  }

  private func event(_ payload: some EventPayload, of deployment: DeploymentID) -> DraftEvent {
    let stream: StreamName =
      switch type(of: payload).kind.family {
      case "lease": .lease(place.application, place.environment)
      case "release": .release(place.application, place.environment)
      case "sync": .sync(place.application, place.environment)
      default: .deployment(deployment)
      }
    return DraftEvent(payload, in: stream, scope: place.scope)
  }

  private func record(
    _ events: [DraftEvent], by signer: Signer, resting granted: Authorization? = nil
  ) async throws -> Int {
    try await shop.session.recordFact(
      EntryDraft(
        events, expects: granted?.expects ?? [:], because: granted.map { [$0.decision] } ?? []),
      by: signer
    ).position
  }

  private func lease(
    of deployment: DeploymentID, for owner: ActorID, ms: Int = RolloutDriver.leaseMs
  ) -> LeaseTaken {
    LeaseTaken(
      deployment: deployment, owner: owner, process: .this,
      until: shop.time.now().adding(milliseconds: ms))
  }

  /// What `stele verify` says, without whom and of what kind.
  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  /// What the driver of `staging#2` may come to say, which replaced `staging#1`.
  private static let said: [any EventPayload] = [
    DeploymentSucceeded(durationMs: 1, release: 2),
    DeploymentFailed(durationMs: 1, release: 2, outcome: .held, reason: "why"),
    DeploymentRolledBack(durationMs: 1, release: 2, restored: 1, reason: "why"),
    DeploymentRollbackFailed(durationMs: 1, release: 2, restores: 1, reason: "why"),
    DeploymentStepStarted(step: 99, action: .shiftTraffic, slots: [], instance: nil),
    DeploymentStepFinished(step: 1, outcome: .done, durationMs: 1),
    DeploymentReplicaExited(
      slot: ReplicaSlot(component: "web", generation: .new, replica: 1), instance: "web-1"),
    DeploymentJudged(decision: .proceed, verdict: .healthy, reason: "why", phase: "verify"),
  ]

  @Test(arguments: said)
  func `nobody but the program says how a deployment goes`(said: any EventPayload) async throws {
    let deployment = try await shop.abandon("second")
    let position = try await record([event(said, of: deployment)], by: eve)

    #expect(try await findings() == ["\(position): is not the program's own"])
  }

  @Test(arguments: said)
  func `nothing is said of a deployment that has ended, nor of one that nobody started`(
    said: any EventPayload
  ) async throws {
    let late = try await record([event(said, of: ended)], by: service)
    let unknown = DeploymentID.make(at: shop.time.now(), random: [UInt8](repeating: 7, count: 10))
    let never = try await record([event(said, of: unknown)], by: service)

    #expect(
      try await findings()
        == [late, never].map { "\($0): is about a deployment that is not under way" })
  }

  @Test(
    arguments: [
      (DeploymentSucceeded(durationMs: 1, release: 1), "names number 1, and its deployment took 2"),
      (
        DeploymentFailed(durationMs: 1, release: 3, outcome: .held, reason: "why"),
        "names number 3, and its deployment took 2"
      ),
      (
        DeploymentRolledBack(durationMs: 1, release: 1, restored: 1, reason: "why"),
        "names number 1, and its deployment took 2"
      ),
      (
        DeploymentRolledBack(durationMs: 1, release: 2, restored: 2, reason: "why"),
        "goes back to number 2, and its deployment replaced 1"
      ),
      (
        DeploymentRollbackFailed(durationMs: 1, release: 2, restores: 9, reason: "why"),
        "goes back to number 9, and its deployment replaced 1"
      ),
    ] as [(any EventPayload, String)])
  func `an end is of the numbers that its deployment took`(
    end: any EventPayload, words: String
  ) async throws {
    let deployment = try await shop.abandon("second")
    let position = try await record([event(end, of: deployment)], by: service)

    #expect(try await findings() == ["\(position): \(words)"])
  }

  private func wayBack(
    of deployment: DeploymentID, to restores: Int = 1, as number: Int = 3,
    build: ContentDigest? = nil
  ) async throws -> [DraftEvent] {
    let plan = try await shop.session.knownHistory(of: deployment).started
    return [
      event(
        DeploymentRollbackStarted(restores: restores, release: number, reason: "why"),
        of: deployment),
      event(
        ReleaseStarted(
          cause: .rollback, build: build ?? plan.predecessor?.build,
          configuration: plan.predecessor?.configurationVersion, restores: restores),
        of: deployment),
    ]
  }

  @Test func `a rollout turns back once, to what it replaced`() async throws {
    let deployment = try await shop.abandon("second")
    _ = try await record(wayBack(of: deployment), by: service)
    let again = try await record(wayBack(of: deployment, as: 4), by: service)

    #expect(try await findings() == ["\(again): turns back a second time"])
  }

  @Test func `a way back to something else than was replaced is named`() async throws {
    let deployment = try await shop.abandon("second")
    let itself = try await record(
      wayBack(of: deployment, to: 2, build: shop.build("second")), by: service)

    #expect(
      try await findings() == [
        "\(itself): goes back to number 2, and its deployment replaced 1"
      ])
  }

  @Test func `a way back under another number, or with another build, is named`() async throws {
    let deployment = try await shop.abandon("second")
    let other = try await record(wayBack(of: deployment, as: 7), by: service)

    #expect(
      try await findings() == ["\(other): does not take number 7 for what it goes back to"])
  }

  @Test func `nobody takes the environment for a deployment without leave to`() async throws {
    let deployment = try await shop.abandon("second")
    let position = try await record(
      [event(lease(of: deployment, for: eve.actor), of: deployment)], by: eve)

    #expect(try await findings() == ["\(position): rests on no decision"])
  }

  @Test func `nobody takes the environment for what has ended, or for somebody else`()
    async throws
  {
    let over = try await ended
    let deployment = try await shop.abandon("second")
    let granted = try await shop.session.authorize(.recoverDeployment, by: shop.person, in: place)
    let late = try await record(
      [event(lease(of: over, for: shop.person.actor), of: over)], by: shop.person,
      resting: granted)
    let other = try await record(
      [event(lease(of: deployment, for: eve.actor), of: deployment)], by: shop.person,
      resting: granted)

    #expect(
      try await findings() == [
        "\(late): is of a deployment that is not under way", "\(other): is taken for \(eve.actor)",
      ])
  }

  @Test func `nobody but the program keeps a lease, or gives it back`() async throws {
    let deployment = try await shop.abandon("second")
    let renewed = try await record(
      [event(LeaseRenewed(until: shop.time.now()), of: deployment)], by: eve)
    let released = try await record([event(LeaseReleased(), of: deployment)], by: shop.person)

    #expect(
      try await findings() == [renewed, released].map { "\($0): is not the program's own" })
  }

  @Test func `nobody keeps a lease that nobody holds`() async throws {
    let over = try await ended
    let renewed = try await record(
      [event(LeaseRenewed(until: shop.time.now()), of: over)], by: service)
    let released = try await record([event(LeaseReleased(), of: over)], by: service)

    #expect(
      try await findings()
        == [renewed, released].map { "\($0): is of a lease that nobody holds" })
  }

  @Test func `an environment is not held longer than a driver needs to come back`() async throws {
    let deployment = try await shop.abandon("second")
    shop.time.stop()
    let latest = shop.time.now().adding(milliseconds: RolloutDriver.leaseMs + 15 * 60_000)
    let inTime = LeaseRenewed(until: latest)
    _ = try await record([event(inTime, of: deployment)], by: service)
    let long = LeaseRenewed(until: latest.adding(milliseconds: 1_000))
    let position = try await record([event(long, of: deployment)], by: service)

    #expect(try await findings() == ["\(position): holds the environment until \(long.until)"])
  }

  @Test func `a sync is of what runs, and takes the environment for that`() async throws {
    let over = try await ended
    let granted = try await shop.session.authorize(.startSync, by: shop.person, in: place)
    let position = try await record(
      [
        event(SyncStarted(deployment: over, release: 9), of: over),
        event(lease(of: over, for: shop.person.actor), of: over),
      ], by: shop.person, resting: granted)

    #expect(
      try await findings() == ["\(position): is of a deployment that is not under way"])
  }

  @Test func `leave to sync is none to recover`() async throws {
    let deployment = try await shop.abandon("second")
    let granted = try await shop.session.authorize(.startSync, by: shop.person, in: place)
    let position = try await record(
      [event(lease(of: deployment, for: shop.person.actor), of: deployment)], by: shop.person,
      resting: granted)

    #expect(
      try await findings() == ["\(position): rests on a decision about sync.start"])
  }

  @Test(arguments: [false, true])
  func `what was taken over, and turned back, is found in order`(abort: Bool) async throws {
    _ = try await shop.abandon("second")
    shop.runtimes.gate.open()
    _ = try await shop.recover(abort: abort)
    try await shop.deploy("third")

    #expect(try await findings() == [])
  }
}
