import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import LedgerStore
import Projections
import TestKit
import Testing
import Tokens
import TransparencyLog
import Verification

@testable import Operations

/// A job with a token acts as whom the token proves; the service signs, and everybody can see that.
@Suite struct TokenIdentityTests {
  let shop: Shop
  let issuer = TestIssuer()
  /// Whom the tokens prove; without a key.
  let job: ActorID

  init() async throws {
    shop = try await Shop()
    job = .make(at: shop.time.now(), random: [UInt8](repeating: 7, count: 10))
    try await trust(issuer)
    try await bind(job)
  }

  private let none = AccessGrounds(reason: nil, ticket: nil)

  @discardableResult
  private func trust(_ issuer: TestIssuer) async throws -> Int {
    try await IssuerWork(shop.session).change(
      .add(
        TrustedIssuer(
          issuer: MachineWords(TestIssuer.issuer), audience: "stele", keys: [issuer.issuerKey])),
      on: none)
  }

  private func bind(_ actor: ActorID, _ other: [(String, String)] = []) async throws {
    let binding = try TokenBinding(
      issuer: TestIssuer.issuer,
      claims: [("sub", "repo:shop/web:environment:staging"), ("repository_id", "17")] + other)
    _ = try await AccessWork(shop.session).change(.addIdentity(binding), for: actor, on: none)
  }

  private func grant(_ role: AccessRole) async throws {
    _ = try await AccessWork(shop.session).change(
      .grant(role, .init(applications: .all, environments: .all), until: nil), for: job, on: none)
  }

  private func token(
    _ claims: JSONObject = [:], by issuer: TestIssuer? = nil
  ) throws -> SecretBytes {
    SecretBytes(
      Array(
        try (issuer ?? self.issuer).token(TestIssuer.claims(at: shop.time.now(), claims)).utf8))
  }

  /// Who acts by such a token.
  private func signer(_ claims: JSONObject = [:]) async throws -> Signer {
    try await shop.session.person(.token(token(claims)))
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0)" }
  }

  private func events(_ kind: EventKind) throws -> [Recorded] {
    try shop.session.ledger.read { reader in
      try reader.positions(matching: EntryFilter(kind: KindSelection(kind))).flatMap {
        try reader.entry(at: $0).read().events
      }
    }
  }

  @Test func `a deployment by token is the job's, signed by the service`() async throws {
    try await grant(.deployer)
    let signer = try await signer()
    let service = try await shop.session.signer(.service)

    #expect(try await shop.deploy("first", by: signer).word == "succeeded")

    let state = try await shop.session.state()
    let release = try #require(state.releases.latest(in: Shop.staging))
    #expect(release.actor == job)
    let started = try #require(try events(DeploymentStarted.kind).first)
    #expect(started.actor == service.actor)
    #expect(started.behalf?.actor == job)
    #expect(started.behalf == signer.behalf)
    #expect(try await findings() == [])
  }

  @Test func `what was relied on is recorded once a token, and nothing else of it`() async throws {
    try await grant(.deployer)
    shop.time.stop()  // A token made a second later is another one.
    let first = try await signer()
    let again = try await signer()
    let next = try await signer(["jti": "token-2", "run_attempt": "2"])

    #expect(first.behalf == again.behalf)
    #expect(first.behalf?.evidence != next.behalf?.evidence)
    let attested = try events(AccessAttested.kind)
    #expect(attested.map(\.behalf) == [nil, nil])
    guard case .access(.attested(let content))? = attested.first?.event else {
      Issue.record("nothing was attested")
      return
    }
    #expect(content.actor == job)
    #expect(
      content.claims.map { "\($0.name)=\($0.value)" } == [
        "repository_id=17", "sub=repo:shop/web:environment:staging", "run_attempt=1",
        "run_id=4711",
      ])
    #expect(content.jti == "token-1")
    let text = try JSONValue.object(content.data).canonicalText()
    #expect(!text.contains("login"))
    #expect(try await findings() == [])
  }

  @Test func `without a grant the job is denied, and that is recorded in its name`() async throws {
    let signer = try await signer()

    await #expect(throws: AccessDenied.self) { try await shop.deploy("first", by: signer) }

    let denied = try #require(try events(AccessDecided.kind).last)
    #expect(denied.behalf?.actor == job)
    #expect(try await findings() == [])
  }

  @Test(arguments: [
    Action.approve, .breakGlass, .closeReview, .writeSecret, .shareSecrets, .grantAccess, .addKey,
    .reveal, .restoreLedger, .exportPeopleKeys,
  ])
  func `whatever is granted, no token does what takes an own key`(action: Action) async throws {
    try await grant(.administrator)
    let signer = try await signer()

    await #expect {
      try await shop.session.authorize(action, by: signer, in: Shop.staging)
    } throws: { error in
      let denied = error as? AccessDenied
      return denied?.decision.reasons == [.ownKeyNeeded]
        && denied?.description.contains("own key") == true && denied?.exitStatus == .noPermission
    }
    #expect(try await findings() == [])
  }

  @Test func `a token that proves nobody is refused before anything is recorded`() async throws {
    let before = try shop.session.ledger.head().size
    let refusals: [(JSONObject, TokenRefused)] = [
      (["repository_id": "18"], .attestation(.nobody)), (["aud": "other"], .token(.audience)),
      (["iss": "https://evil.example"], .token(.issuer)),
    ]
    for (claims, refusal) in refusals {
      await #expect(throws: refusal) { try await signer(claims) }
    }
    await #expect(throws: TokenRefused.token(.signature)) {
      try await shop.session.person(.token(token(by: TestIssuer())))
    }
    #expect(try shop.session.ledger.head().size == before)
  }

  @Test func `a token that two identities ask for proves neither`() async throws {
    let other = ActorID.make(at: shop.time.now(), random: [UInt8](repeating: 8, count: 10))
    try await bind(other, [("run_id", "4711")])

    await #expect(throws: TokenRefused.attestation(.several([job, other]))) {
      try await signer()
    }
  }

  @Test func `another token of the same name is refused`() async throws {
    _ = try await signer()

    await #expect(throws: TokenRefused.attestation(.repeated("token-1"))) {
      try await signer(["run_attempt": "2"])
    }
  }

  @Test func `a token that has expired signs nothing more`() async throws {
    try await grant(.deployer)
    let signer = try await signer()
    shop.time.advance(milliseconds: 361_000)

    await #expect {
      try await shop.deploy("first", by: signer)
    } throws: { error in
      guard case .ended(.expired)? = error as? TokenRefused else { return false }
      return true
    }
    #expect(try await findings() == [])
  }

  @Test(arguments: ["issuer", "keys", "same name", "identity"])
  func `what is taken away counts from then on for a token that was shown before`(
    what: String
  ) async throws {
    try await grant(.deployer)
    let signer = try await signer()
    switch what {
    case "issuer":
      _ = try await IssuerWork(shop.session).change(
        .remove(MachineWords(TestIssuer.issuer)), on: none)
    case "keys":
      _ = try await IssuerWork(shop.session).change(
        .add(
          TrustedIssuer(
            issuer: MachineWords(TestIssuer.issuer), audience: "stele",
            keys: [
              IssuerKey(
                algorithm: .edDSA, key: TestIssuer().issuerKey.key, kid: "key-2")
            ])), on: none)
    case "same name":
      // Of an issuer that names its keys alike, and has replaced one that was stolen.
      try await trust(TestIssuer())
    default:
      _ = try await AccessWork(shop.session).change(.removeIdentity(1), for: job, on: none)
    }

    await #expect(throws: TokenRefused.self) { try await shop.deploy("first", by: signer) }
    await #expect(throws: TokenRefused.self) { try await self.signer() }
    #expect(try await findings() == [])
  }

  @Test func `a scan by token is the job's, and the service's own does not rest on it`()
    async throws
  {
    try await grant(.operator)
    try await shop.deploy("first")
    let signer = try await signer()
    _ = try await DriftWork(shop.session, runtimes: shop.runtimes).scan(
      Shop.staging, files: .seen(shop.configuration().recorded), by: signer)
    let scanned = try #require(try events(DriftScanned.kind).last)
    guard case .drift(.scanned(let content)) = scanned.event else {
      Issue.record("no scan: \(scanned)")
      return
    }
    let before = try await findings()
    let granted = try await shop.session.authorize(.scanDrift, by: signer, in: Shop.staging)
    let own = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(
            content, in: .drift("shop", "staging"),
            scope: Scope(application: "shop", environment: "staging"))
        ], expects: granted.expects, because: [granted.decision]),
      by: shop.session.signer(.service))

    let service = try await shop.session.signer(.service).actor
    #expect(scanned.actingFor == job)
    #expect(before == [])
    #expect(
      try await findings() == [
        "\(own.position): notEntitled: drift.scanned.v1 of \(service) "
          + "rests on what was decided for \(job) by a token"
      ])
  }

  // MARK: What `stele verify` finds

  private func attestation(
    _ evidence: UInt8 = 9, expires: Int = 300_000, claims: [TokenClaim]? = nil
  ) -> AccessAttested {
    AccessAttested(
      actor: job, identity: 1, evidence: Digest(bytes: [UInt8](repeating: evidence, count: 32)),
      issuer: MachineWords(TestIssuer.issuer), audience: "stele", kid: "key-1", jti: nil,
      issued: shop.time.now(), expires: shop.time.now().adding(milliseconds: expires),
      claims: claims ?? [
        TokenClaim(name: "repository_id", value: "17"),
        TokenClaim(name: "sub", value: "repo:shop/web:environment:staging"),
      ])
  }

  @Test func `who acts for somebody by a token that nobody attested is named`() async throws {
    let service = try await shop.session.signer(.service)
    let position = try await shop.session.plant(attestation(), by: service)

    #expect(
      try await findings() == [
        "\(position): notEntitled: health.summarized.v1 of \(job) rests on a token that nobody "
          + "attested"
      ])
  }

  @Test func `a key that is not the service's attests nothing`() async throws {
    try await grant(.deployer)
    _ = try await signer()
    let attested = try #require(
      try await shop.session.state().identities.attestation(
        of: MachineWords(TestIssuer.issuer), jti: "token-1"))
    let position = try await shop.session.plantLease(attested.content, by: shop.person)

    #expect(
      try await findings() == [
        "\(position): notEntitled: lease.released.v1 of \(job) is signed for \(job) by a key that "
          + "is not the service's",
        "\(position): notEntitled: lease.released.v1 of \(job) is not the program's own",
      ])
  }

  @Test func `an attestation of claims that nobody asked for is named`() async throws {
    let service = try await shop.session.signer(.service)
    let forged = attestation(claims: [TokenClaim(name: "sub", value: "repo:evil")])
    let state = try await shop.session.state()
    let position = try await shop.session.record(
      EntryDraft(
        [DraftEvent(forged, in: .attestation(job))],
        expects: [
          .grant(job): state.grants.version(of: job), .issuers: state.identities.version,
        ]), by: service
    ).position

    #expect(
      try await findings() == [
        "\(position): notEntitled: access.attested.v1 of \(service.actor) rests on a token that "
          + "proves nobody"
      ])
  }

  @Test func `an attestation for longer than any token counts is named`() async throws {
    let service = try await shop.session.signer(.service)
    let state = try await shop.session.state()
    let position = try await shop.session.record(
      EntryDraft(
        [DraftEvent(attestation(expires: 30 * 3_600_000), in: .attestation(job))],
        expects: [
          .grant(job): state.grants.version(of: job), .issuers: state.identities.version,
        ]), by: service
    ).position

    #expect(
      try await findings() == [
        "\(position): notEntitled: access.attested.v1 of \(service.actor) rests on a token of "
          + "times that no token has"
      ])
  }

  @Test func `a decision that a token had made for somebody else is named`() async throws {
    try await grant(.deployer)
    let signer = try await signer()
    let version = try await shop.session.state().grants.version(of: shop.person.actor)
    let decided = AccessDecided(
      action: "build.record", actor: shop.person.actor, application: "shop", decision: .allow,
      reasons: ["grant"])
    let position = try await shop.session.record(
      EntryDraft(
        [DraftEvent(decided, in: .access(nil))],
        expects: [.grant(shop.person.actor): version]), by: signer
    ).position

    #expect(
      try await findings() == [
        "\(position): notEntitled: access.decided.v1 of \(job) decides for \(shop.person.actor) by "
          + "a token of \(job)"
      ])
  }
}

extension Session {
  /// Signs for whom `attested` names, whether or not that is recorded.
  fileprivate func plant(_ attested: AccessAttested, by key: Signer) throws -> Int {
    let summarized = HealthSummarized(
      component: "web", instance: "1", windowMs: 1, passes: 1, failures: 0, latencyUsMax: 1,
      latencyUsMedian: 1)
    return try append(
      DraftEvent(
        summarized, in: .health("shop", "staging"),
        scope: Scope(application: "shop", environment: "staging")),
      attested, by: key)
  }

  fileprivate func plantLease(_ attested: AccessAttested, by key: Signer) throws -> Int {
    try append(
      DraftEvent(
        LeaseReleased(), in: .lease("shop", "staging"),
        scope: Scope(application: "shop", environment: "staging")),
      attested, by: key)
  }

  private func append(
    _ event: DraftEvent, _ attested: AccessAttested, by key: Signer
  ) throws -> Int {
    let writer = EntryWriter(
      origin: origin, seen: try ledger.head().seen, at: time.now(), random: random)
    let envelope = try writer.envelope(
      EntryDraft([event]), as: writer.newID(),
      signedBy: Signer(attesting: attested, by: key)
    ) { try ledger.version(of: $0) + 1 }
    return try ledger.append(envelope).index
  }
}
