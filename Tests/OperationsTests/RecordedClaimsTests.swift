import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Projections
import TestKit
import Testing
import Verification

@testable import Operations

/// What an event says that is not so whatever else the ledger says, recorded by people who may.
@Suite struct RecordedClaimsTests {
  let shop: Shop
  let administrator: Signer

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    administrator = try await shop.session.signer(.administrator)
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  @Test(arguments: [
    Action.grantAccess, .revokeAccess, .suspendAccess, .reinstateAccess, .reviewAccess,
    .bindIdentity,
  ])
  func `access that is changed in the stream of somebody else is named`(
    action: Action
  ) async throws {
    let (eve, other) = (try await shop.stranger().actor, try await shop.stranger().actor)
    let words = try #require(try await shop.session.seal("fine", of: administrator))
    let change: any EventPayload =
      switch action {
      case .grantAccess:
        AccessGranted(actor: eve, applications: .all, environments: .all, role: .deployer)
      case .revokeAccess: AccessWithdrawn(actor: eve)
      case .suspendAccess: AccessSuspended(actor: eve, applications: .all, environments: .all)
      case .reinstateAccess: AccessReinstated(actor: eve)
      case .reviewAccess:
        AccessReviewed(actor: eve, grant: 1, finding: .kept, rationale: words.sealed)
      default: AccessIdentityRemoved(actor: eve, identity: 1)
      }
    let before = try await findings()
    let granted = try await shop.session.authorize(
      action, by: administrator, application: nil, environment: nil)
    let position = try await shop.session.record(
      EntryDraft([DraftEvent(change, in: .grant(other))], resting: granted), by: administrator,
      sealed: action == .reviewAccess ? [words] : []
    ).position

    #expect(
      try await findings() == before
        + ["\(position): is about \(eve), and stands in \(StreamName.grant(other))"])
  }

  /// Recorded with every right to, under the digest of what was applied before.
  private func misname() async throws -> (position: Int, own: ContentDigest, said: ContentDigest) {
    let granted = try await shop.session.authorize(
      .applyConfiguration, by: shop.person, in: Shop.staging)
    let latest = try #require(
      try await shop.session.state().configurations.latest(in: Shop.staging))
    try shop.files.describe("another")
    let other = try shop.configuration()
    let scope = Shop.staging.scope
    let position = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(
            ConfigurationApplied(
              configuration: other.recorded, digest: latest.digest, difference: []),
            in: .configuration("shop", "staging"), scope: scope),
          DraftEvent(
            ReleaseStarted(cause: .configuration, configuration: latest.version + 1),
            in: .release("shop", "staging"), scope: scope),
        ], expects: granted.expects, because: [granted.decision]), by: shop.person
    ).position
    return (position, other.digest, latest.digest)
  }

  @Test func `a configuration under the digest of another is named`() async throws {
    let (position, own, said) = try await misname()

    #expect(
      try await findings() == [
        "\(position): calls configuration \(said.shortText) what is configuration \(own.shortText)"
      ])
  }

  @Test(
    arguments: [
      ("router.started.v1", "router"), ("lease.renewed.v1", "lease"),
      ("policy.decided.v1", "policy"),
    ] as [(EventKind, String)])
  func `data that cannot be read is named, whoever may record its kind`(
    kind: EventKind, prefix: String
  ) async throws {
    let stream = try StreamName(parsing: "\(prefix)/shop.staging")
    let position = try await shop.session.recordFact(
      EntryDraft([DraftEvent(kind: kind, data: ["a": 1], in: stream, scope: Shop.staging.scope)]),
      by: shop.session.signer(.service)
    ).position

    let named = try await findings()
    #expect(named.count == 1)
    #expect(named.first?.hasPrefix("\(position): has data that cannot be read: ") == true)
  }

  @Test func `what is called by its digest is not deployed in its place`() async throws {
    let (_, other, wanted) = try await misname()
    try shop.files.describe("For tests")
    #expect(try shop.configuration().digest == wanted)

    try await shop.deploy("second")

    let version = try #require(try await shop.running()).configurationVersion
    let runs = try await shop.session.state().configurations.version(version, in: Shop.staging)
    #expect(version == 3)
    #expect(runs?.ownDigest == wanted)
    #expect(runs?.ownDigest != other)
  }

  @Test func `where it runs already nothing is started by it`() async throws {
    try await runMisnamed()
    let before = await shop.platform.running()
    let size = try shop.session.ledger.head().size
    let misnamed = DeploymentError.configurationMisnamed("staging", 2)

    await #expect(throws: misnamed) { try await shop.deploy("first") }
    await #expect(throws: misnamed) { try await shop.rollBack(shop.plan()) }
    await #expect(throws: misnamed) {
      try await SyncWork(shop.session, runtimes: shop.runtimes).synchronize(
        Shop.staging, files: .seen([:]), by: shop.person, observer: { _ in })
    }
    let state = try await shop.session.state()
    #expect(throws: misnamed) {
      try SteadyRelease(of: "staging", in: state, at: shop.time.now())
    }

    #expect(await shop.platform.running() == before)
    #expect(state.deployments.open(in: Shop.staging) == nil)
    let recorded = try shop.session.ledger.read { reader in
      try (size..<reader.head().size).flatMap { try reader.entry(at: $0).read().events }
    }
    #expect(
      recorded.allSatisfy { event in
        switch event.event {
        case .access, .build: true
        default: false
        }
      })
  }

  /// As if it had been deployed, with other tools.
  private func runMisnamed() async throws {
    _ = try await misname()
    let granted = try await shop.session.authorize(
      .startDeployment, by: shop.person, in: Shop.staging)
    let newest = try #require(try await shop.newestDeployment())
    let before = try await shop.session.knownHistory(of: newest).started
    let started = DeploymentStarted(
      build: before.build, cause: .deployment, change: before.change,
      components: before.components, configurationVersion: 2, limits: before.limits,
      predecessor: nil, release: 3, rollback: before.rollback, skipsWaits: false,
      strategy: before.strategy)
    let id = DeploymentID.make(at: shop.time.now(), random: [UInt8](repeating: 7, count: 10))
    _ = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(started, in: .deployment(id), scope: Shop.staging.scope),
          DraftEvent(
            ReleaseStarted(cause: .deployment, build: before.build, configuration: 2),
            in: .release("shop", "staging"), scope: Shop.staging.scope),
        ],
        expects: granted.expects.merging([.configuration("shop", "staging"): 2]) { $1 },
        because: [granted.decision]), by: shop.person)
    let end = DeploymentSucceeded(durationMs: 1, release: 3)
    _ = try await shop.session.record(
      EntryDraft([DraftEvent(end, in: .deployment(id), scope: Shop.staging.scope)]),
      by: shop.session.signer(.service))
  }
}
