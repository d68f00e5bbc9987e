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

/// `stele verify` decides again: whoever was not entitled to what an entry says is named.
///
/// Each entry here is one that the ledger takes, signed by a key that may sign its kind.
@Suite struct EntitlementTests {
  let shop: Shop
  /// Has a key and no grant.
  let eve: Signer

  init() async throws {
    shop = try await Shop()
    try await shop.deploy("first")
    let path = shop.directory.file("eve.pem")
    _ = try await KeyAddition(shop.session).add(.file(path), role: .actor, owner: nil, grant: nil)
    eve = try await shop.session.person(keyAt: path)
  }

  private var build: DraftEvent {
    let artifact = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 9, count: 32)))
    let build = Build(
      application: "shop", components: [.init(name: "web", artifact: artifact, sizeBytes: 1)])
    return DraftEvent(
      BuildRecorded(
        build: build.digest, change: Change(),
        components: [BuildComponent(artifact: artifact, name: "web", sizeBytes: 1)]),
      in: .build("shop"), scope: Scope(application: "shop"))
  }

  /// Eve's build, resting on `because`.
  private func record(because: [EntryID]) async throws -> Int {
    try await shop.session.record(EntryDraft([build], because: because), by: eve).position
  }

  /// A decision that the service signs, whatever the grants say.
  private func decide(
    _ verdict: AccessVerdict, _ action: Action = .recordBuild, for actor: ActorID,
    in environment: EnvironmentName? = nil, reason: AccessReason = .grant, namesGrants: Bool = true
  ) async throws -> Recording {
    let version = try await shop.session.state().grants.version(of: actor)
    let decided = AccessDecided(
      action: action.code, actor: actor, application: "shop", decision: verdict,
      reasons: [reason.code])
    return try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(
            decided, in: .access(environment), scope: Scope(environment: environment))
        ], expects: namesGrants ? [.grant(actor): version] : [:]),
      by: shop.session.signer(.service))
  }

  /// What `stele verify` says of the ledger: position and what is wrong.
  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    let entitlement = try #require(result.entitlement)
    #expect(result.report.isSound)
    #expect(result.isSound == entitlement.findings.isEmpty)
    #expect((result.verdict == .broken) != entitlement.findings.isEmpty)
    return entitlement.findings.map { "\($0.position): \($0)" }
  }

  @Test func `what commands record is entitled, and was looked at`() async throws {
    _ = try await AccessWork(shop.session).change(
      .grant(
        .deployer, .init(applications: .all, environments: .only(["staging"])), until: nil),
      for: eve.actor, on: AccessGrounds(reason: "why", ticket: "OPS-1"))
    let result = try await shop.verify()

    #expect(try await findings() == [])
    #expect(result.entitlement?.decisions == 4)
    #expect(result.entitlement?.entries == 4)
  }

  @Test func `a way back that the rollout took by itself rests on its deployment`() async throws {
    await shop.spoil(try await shop.build("second"))
    #expect(try await shop.deploy("second").word == "rolledBack")

    #expect(try await findings() == [])
  }

  @Test func `nobody else's way back does`() async throws {
    let place = Shop.staging
    let state = try await shop.session.state()
    let deployment = try #require(state.deployments.latest(in: place)?.id)
    let scope = Scope(application: "shop", environment: "staging")
    let position = try await shop.session.record(
      EntryDraft([
        DraftEvent(
          DeploymentRollbackStarted(restores: 1, release: 2, reason: "because"),
          in: .deployment(deployment), scope: scope),
        DraftEvent(
          ReleaseStarted(
            cause: .rollback, build: try await shop.build("first"), configuration: 1, restores: 1),
          in: .release("shop", "staging"), scope: scope),
      ]), by: eve
    ).position

    #expect(
      try await findings() == [
        "\(position): notEntitled: deployment.rollback_started.v1 of \(eve.actor) is not the "
          + "program's own",
        "\(position): notEntitled: release.started.v1 of \(eve.actor) rests on no decision",
      ])
  }

  @Test(arguments: [ReleaseCause.rollback, .deployment])
  func `a way back frees nothing that is recorded with it, and no other release`(
    cause: ReleaseCause
  ) async throws {
    let service = try await shop.session.signer(.service)
    let state = try await shop.session.state()
    let latest = try #require(state.configurations.latest(in: Shop.staging))
    let deployment = try #require(state.deployments.latest(in: Shop.staging)?.id)
    let scope = Scope(application: "shop", environment: "staging")
    let applied = DraftEvent(
      ConfigurationApplied(
        configuration: latest.configuration, digest: latest.digest, difference: []),
      in: .configuration("shop", "staging"), scope: scope)
    let wayBack = [
      DraftEvent(
        DeploymentRollbackStarted(restores: 1, release: 2, reason: "because"),
        in: .deployment(deployment), scope: scope),
      DraftEvent(
        ReleaseStarted(
          cause: cause, build: try await shop.build("first"), configuration: 1,
          restores: cause == .rollback ? 1 : nil),
        in: .release("shop", "staging"), scope: scope),
    ]
    let version = try await shop.session.state().decisions.tally(of: "staging").version
    let position = try await shop.session.record(
      EntryDraft(
        wayBack + (cause == .rollback ? [applied] : []),
        expects: [.access("staging"): version, .grant(service.actor): 0]), by: service
    ).position

    let kind = cause == .rollback ? "configuration.applied.v1" : "release.started.v1"
    #expect(
      try await findings().contains(
        "\(position): notEntitled: \(kind) of \(service.actor) rests on no decision"))
  }

  @Test func `a rollback to something that never was there is named`() async throws {
    let granted = try await shop.session.authorize(
      .rollBack, by: shop.person, in: Shop.staging)
    let scope = Scope(application: "shop", environment: "staging")
    let build = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 7, count: 32)))
    let state = try await shop.session.state()
    let deployment = try #require(state.deployments.latest(in: Shop.staging)?.id)
    let number = state.releases.nextNumber(in: Shop.staging)
    let first = try await shop.build("first")
    var expected: [String] = []
    for (index, (restores, said)) in [
      (
        1,
        "with build \(build.shortText), and that ran \(first.shortText)"
      ), (9, "which came after it"),
    ].enumerated() {
      let position = try await shop.session.record(
        EntryDraft(
          [
            DraftEvent(
              DeploymentRollbackStarted(
                restores: restores, release: number + index, reason: "because"),
              in: .deployment(deployment), scope: scope),
            DraftEvent(
              ReleaseStarted(cause: .rollback, build: build, configuration: 1, restores: restores),
              in: .release("shop", "staging"), scope: scope),
          ], expects: granted.expects, because: [granted.decision]), by: shop.person
      ).position
      expected += [
        "\(position): notEntitled: release.started.v1 of \(shop.person.actor) restores "
          + "staging#\(restores)\(restores == 9 ? "," : "") \(said)",
        "\(position): notEntitled: deployment.rollback_started.v1 of \(shop.person.actor) is not "
          + "the program's own",
      ]
    }

    #expect(try await findings() == expected)
  }

  @Test func `what rests on no decision is named`() async throws {
    let position = try await record(because: [])

    #expect(
      try await findings()
        == ["\(position): notEntitled: build.recorded.v1 of \(eve.actor) rests on no decision"])
  }

  @Test func `what rests on somebody else's decision is named`() async throws {
    let theirs = try await shop.session.authorize(
      .recordBuild, by: shop.person, application: "shop", environment: nil)
    let position = try await record(because: [theirs.decision])

    #expect(
      try await findings() == [
        "\(position): notEntitled: build.recorded.v1 of \(eve.actor) rests on what was decided "
          + "for \(shop.person.actor)"
      ])
  }

  @Test func `what rests on a denial is named`() async throws {
    let denied = try await decide(.deny, for: eve.actor, reason: .noGrant)
    let position = try await record(because: [denied.entry])

    #expect(
      try await findings() == [
        "\(position): notEntitled: build.recorded.v1 of \(eve.actor) rests on a denial of "
          + "build.record"
      ])
  }

  @Test func `a decision that the grants do not give is named`() async throws {
    let forged = try await decide(.allow, for: eve.actor)
    let position = try await record(because: [forged.entry])

    let service = try await shop.session.signer(.service).actor
    #expect(
      try await findings() == [
        "\(forged.position): notEntitled: access.decided.v1 of \(service) allows build.record to "
          + "\(eve.actor), and the grants before it deny: noGrant",
        "\(position): notEntitled: build.recorded.v1 of \(eve.actor) is covered by no grant",
      ])
  }

  @Test func `a denial that the grants do not give is named too`() async throws {
    let wrong = try await decide(.deny, for: shop.person.actor, reason: .noGrant)

    #expect(try await findings().map { $0.prefix(4) } == ["\(wrong.position): n".prefix(4)])
  }

  @Test func `a permission that names no grants is named, a count of denials is not`()
    async throws
  {
    for namesGrants in [true, false] {
      _ = try await decide(.deny, for: eve.actor, reason: .noGrant, namesGrants: namesGrants)
    }
    let bare = try await decide(.allow, for: shop.person.actor, namesGrants: false)

    let service = try await shop.session.signer(.service).actor
    #expect(
      try await findings() == [
        "\(bare.position): notEntitled: access.decided.v1 of \(service) allows build.record "
          + "without naming the grants"
      ])
  }

  @Test func `what rests on a decision about something else is named`() async throws {
    let administrator = try await shop.session.signer(.administrator)
    let other = try await shop.session.authorize(
      .addKey, by: administrator, application: nil, environment: nil)
    let suspended = AccessSuspended(
      actor: eve.actor, applications: .all, environments: .all)
    let position = try await shop.session.record(
      EntryDraft(
        [DraftEvent(suspended, in: .grant(eve.actor))], because: [other.decision]),
      by: administrator
    ).position

    #expect(
      try await findings() == [
        "\(position): notEntitled: access.suspended.v1 of \(administrator.actor) rests on a "
          + "decision about key.add"
      ])
  }

  @Test func `what rests on a decision from before the grants changed is named`() async throws {
    let reach = AccessChange.Reaching(applications: .all, environments: .all)
    let work = AccessWork(shop.session)
    let grounds = AccessGrounds(reason: nil, ticket: nil)
    _ = try await work.change(.grant(.deployer, reach, until: nil), for: eve.actor, on: grounds)
    let allowed = try await shop.session.authorize(
      .recordBuild, by: eve, application: "shop", environment: nil)
    _ = try await work.change(.revoke(nil), for: eve.actor, on: grounds)
    let position = try await record(because: [allowed.decision])

    #expect(
      try await findings() == [
        "\(position): notEntitled: build.recorded.v1 of \(eve.actor) rests on a decision from "
          + "before the grants changed"
      ])
  }

  @Test func `what rests on a decision about another environment is named`() async throws {
    let staging = try await shop.session.authorize(
      .applyConfiguration, by: shop.person, application: "shop", environment: "staging")
    let state = try await shop.session.state()
    let latest = try #require(state.configurations.latest(in: Shop.staging))
    let applied = ConfigurationApplied(
      configuration: latest.configuration, digest: latest.digest, difference: [])
    let scope = Scope(application: "shop", environment: "production")
    let position = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(applied, in: .configuration("shop", "production"), scope: scope),
          DraftEvent(
            ReleaseStarted(cause: .configuration, configuration: 1),
            in: .release("shop", "production"), scope: scope),
        ], expects: staging.expects, because: [staging.decision]), by: shop.person
    ).position

    let named = try await findings()
    #expect(named.count == 2)
    #expect(
      named.first
        == "\(position): notEntitled: configuration.applied.v1 of \(shop.person.actor) rests on a "
        + "decision about staging")
  }

  @Test func `what rests on a decision about another application is named`() async throws {
    let other = try await shop.session.authorize(
      .recordBuild, by: shop.person, application: "other", environment: nil)
    let position = try await shop.session.record(
      EntryDraft([build], because: [other.decision]), by: shop.person
    ).position

    #expect(
      try await findings() == [
        "\(position): notEntitled: build.recorded.v1 of \(shop.person.actor) rests on a decision "
          + "about other"
      ])
  }

  @Test func `a decision does not outlive the grant by more than clocks may differ`() async throws {
    let end = shop.time.now().adding(milliseconds: 60_000)
    let reach = AccessChange.Reaching(applications: .all, environments: .all)
    _ = try await AccessWork(shop.session).change(
      .grant(.deployer, reach, until: end), for: eve.actor,
      on: AccessGrounds(reason: nil, ticket: nil))
    let allowed = try await shop.session.authorize(
      .recordBuild, by: eve, application: "shop", environment: nil)
    shop.time.advance(milliseconds: 120_000)
    _ = try await record(because: [allowed.decision])
    #expect(try await findings() == [])

    shop.time.advance(milliseconds: 15 * 60_000)
    let late = try await record(because: [allowed.decision])
    #expect(
      try await findings() == [
        "\(late): notEntitled: build.recorded.v1 of \(eve.actor) is covered by no grant"
      ])
  }

  @Test func `a new release does not rest on leave to roll back`() async throws {
    let back = try await shop.session.authorize(
      .rollBack, by: shop.person, application: "shop", environment: "staging")
    let latest = try #require(
      try await shop.session.state().configurations.latest(in: Shop.staging))
    let scope = Scope(application: "shop", environment: "staging")
    let applied = ConfigurationApplied(
      configuration: latest.configuration, digest: latest.digest, difference: [])
    let position = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(applied, in: .configuration("shop", "staging"), scope: scope),
          DraftEvent(
            ReleaseStarted(cause: .configuration, configuration: latest.version + 1),
            in: .release("shop", "staging"), scope: scope),
        ], expects: back.expects, because: [back.decision]), by: shop.person
    ).position

    #expect(
      try await findings().first == "\(position): notEntitled: configuration.applied.v1 of "
        + "\(shop.person.actor) rests on a decision about deployment.rollBack")
  }

  @Test func `a configuration beside a release that cannot be read is looked at`() async throws {
    let latest = try #require(
      try await shop.session.state().configurations.latest(in: Shop.staging))
    let scope = Scope(application: "shop", environment: "production")
    let version = try await shop.session.state().decisions.tally(of: "production").version
    let applied = ConfigurationApplied(
      configuration: latest.configuration, digest: latest.digest, difference: [])
    let position = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(applied, in: .configuration("shop", "production"), scope: scope),
          DraftEvent(
            kind: ReleaseStarted.kind, data: ["cause": "nobody knows"],
            in: .release("shop", "production"), scope: scope),
        ], expects: [.access("production"): version, .grant(eve.actor): 0]), by: eve
    ).position

    let named = try await findings()
    #expect(named.count == 2)
    #expect(
      named.first
        == "\(position): notEntitled: configuration.applied.v1 of \(eve.actor) rests on no decision"
    )
    #expect(
      named.last?.hasPrefix(
        "\(position): notEntitled: release.started.v1 of \(eve.actor) has data that cannot be read"
      ) == true)
  }

  @Test func `who took everybody's grants away is still looked at`() async throws {
    let administrator = try await shop.session.signer(.administrator)
    let position = try await shop.session.record(
      EntryDraft([
        DraftEvent(
          AccessWithdrawn(actor: shop.person.actor), in: .grant(shop.person.actor))
      ]), by: administrator
    ).position
    let after = try await record(because: [])

    #expect(
      try await findings().map { $0.prefix(3) }
        == ["\(position): ", "\(after): "].map { $0.prefix(3) })
  }

  @Test func `who reviews an own grant is named`() async throws {
    let administrator = try await shop.session.signer(.administrator)
    let decision = try await shop.session.authorize(
      .reviewAccess, by: administrator, application: nil, environment: nil)
    let sealed = try #require(try await shop.session.seal("fine", of: administrator))
    let review = AccessReviewed(
      actor: administrator.actor, grant: 1, finding: .kept, rationale: sealed.sealed)
    let position = try await shop.session.record(
      EntryDraft([DraftEvent(review, in: .grant(administrator.actor))], resting: decision),
      by: administrator, sealed: [sealed]
    ).position

    #expect(
      try await findings() == [
        "\(position): notEntitled: access.reviewed.v1 of \(administrator.actor) is a review of an "
          + "own grant"
      ])
  }

  @Test func `a key registered without a decision is named`() async throws {
    let stranger = try await shop.stranger()
    let named = try await findings()

    #expect(named.count == 1)
    #expect(named.first?.hasSuffix("rests on no decision") == true)
    #expect(try await shop.session.state().keys.byID[stranger.keyid] != nil)
  }
}
