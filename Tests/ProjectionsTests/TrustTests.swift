import CanonicalJSON
import Events
import Projections
import Testing

/// Keys, grants and decisions.
@Suite struct TrustTests {
  let other = ActorID.make(at: .earliest, random: [UInt8](repeating: 2, count: 10))
  let keyid = Digest(bytes: [UInt8](repeating: 0xAB, count: 32))
  let ledger = Scope()

  private func register(_ story: inout Story, _ keyid: KeyID, _ role: KeyRole = .actor) {
    let spki = PublicKeyBytes(
      spki: KeyAlgorithm.ed25519.spkiPrefix + [UInt8](repeating: 1, count: 32))
    story.record(
      (
        .key(.registered(KeyRegistered(key: spki, owner: Story.person, role: role))), .key(keyid)
      ), scope: ledger)
  }

  @Test func `a key signs after its registration and up to its revocation`() {
    var story = Story()
    register(&story, keyid)
    story.probe("a", .pass)
    story.record(
      (.key(.revoked(KeyRevoked(reason: "compromised", suspectFrom: 1))), .key(keyid)),
      scope: ledger)

    let key = story.fold(Keys.self).byID[keyid]
    #expect([0, 1, 2, 3].map { key?.signs($0) } == [false, true, true, false])
    #expect(key?.isValid == false)
    #expect(key?.revoked == 2)
    #expect(key?.suspectFrom == 1)
    #expect(key?.owner == Story.person)
    #expect(key?.role == .actor)
    #expect(key?.spki.spki.count == 44)
  }

  @Test func `keys are listed in the order they came`() {
    var story = Story()
    let low = Digest(bytes: [UInt8](repeating: 0x01, count: 32))
    register(&story, keyid)
    register(&story, low, .service)

    let keys = story.fold(Keys.self)
    #expect(keys.all.map(\.keyid) == [keyid, low])
    #expect(keys.all.map(\.isValid) == [true, true])
  }

  @Test func `what is no key's stream registers nothing`() {
    var story = Story()
    story.record((.key(.revoked(KeyRevoked(reason: "lost"))), "key/main"), scope: ledger)

    #expect(story.fold(Keys.self).all.isEmpty)
  }

  private func grant(
    _ story: inout Story, _ role: AccessRole, to actor: ActorID = Story.person
  ) {
    let granted = AccessGranted(
      actor: actor, applications: .all, environments: .only(["staging"]), role: role,
      until: Story.time(9))
    story.record((.access(.granted(granted)), .grant(actor)), scope: ledger, by: other)
  }

  @Test func `grants stand as they were given`() {
    var story = Story()
    grant(&story, .viewer)
    grant(&story, .deployer)
    grant(&story, .viewer, to: other)

    let grants = story.fold(Grants.self)
    #expect(grants.of(Story.person).map(\.role) == [.viewer, .deployer])
    #expect(grants.of(Story.person)[1].position == 1)
    #expect(grants.of(Story.person)[1].by == other)
    #expect(grants.of(Story.person)[1].until == Story.time(9))
    #expect(grants.all.map(\.actor) == [Story.person, Story.person, other])
    #expect(grants.version(of: Story.person) == 2)
    #expect(grants.version(of: .make(at: .earliest, random: [UInt8](repeating: 7, count: 10))) == 0)
  }

  @Test func `one role is withdrawn, or every one`() {
    var story = Story()
    grant(&story, .viewer)
    grant(&story, .deployer)
    let one = AccessWithdrawn(actor: Story.person, role: .deployer)
    story.record((.access(.withdrawn(one)), .grant(Story.person)), scope: ledger)
    #expect(story.fold(Grants.self).of(Story.person).map(\.role) == [.viewer])

    let all = AccessWithdrawn(actor: Story.person)
    story.record((.access(.withdrawn(all)), .grant(Story.person)), scope: ledger)
    #expect(story.fold(Grants.self).of(Story.person).isEmpty)
    #expect(story.fold(Grants.self).version(of: Story.person) == 4)
  }

  @Test func `a grant that is reviewed says when and by whom, or is gone`() {
    var story = Story()
    grant(&story, .viewer)
    grant(&story, .viewer)
    let review = { (grant: Int, finding: GrantFinding) in
      LedgerEvent.access(
        .reviewed(
          AccessReviewed(
            actor: Story.person, grant: grant, finding: finding,
            rationale: Sealed(commitment: Story.build1.sha256, subject: Story.person))))
    }
    story.record((review(1, .kept), .grant(Story.person)), scope: ledger)
    story.record((review(2, .withdrawn), .grant(Story.person)), scope: ledger)
    story.record((review(9, .withdrawn), .grant(Story.person)), scope: ledger)

    let grants = story.fold(Grants.self)
    let left = grants.of(Story.person)
    #expect(left.map(\.number) == [1])
    #expect(left.first?.review?.position == left.first.map { $0.position + 2 })
    #expect(grants.version(of: Story.person) == 5)
  }

  @Test func `decisions are counted per environment and for the ledger`() {
    var story = Story()
    let decide = { (verdict: AccessVerdict, count: Int) in
      LedgerEvent.access(
        .decided(
          AccessDecided(
            action: "deployment.start", actor: Story.person, application: "tamma", count: count,
            decision: verdict, reasons: ["grant"])))
    }
    let production = Scope(environment: "production")
    story.record((decide(.allow, 1), .access("production")), scope: production)
    story.record((decide(.deny, 3), .access("production")), scope: production)
    story.record((decide(.allow, 1), .access(nil)), scope: ledger)

    let decisions = story.fold(AccessDecisions.self)
    let tally = decisions.tally(of: "production")
    #expect(tally.allowed == 1)
    #expect(tally.denied == 3)
    #expect(tally.version == 2)
    #expect(tally.last?.decision == .deny)
    #expect(tally.position == 1)
    #expect(decisions.tally(of: nil).allowed == 1)
    #expect(decisions.tally(of: "staging").version == 0)
    #expect(story.fold(Grants.self).all.isEmpty)
  }
}
