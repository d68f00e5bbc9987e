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
      ("health.checked.v1", "health"), ("router.started.v1", "router"),
      ("lease.renewed.v1", "lease"),
      ("policy.decided.v1", "policy"),
    ] as [(EventKind, String)])
  func `data that cannot be read is named, whatever its kind`(
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
}
