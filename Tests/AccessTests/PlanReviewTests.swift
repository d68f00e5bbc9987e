import CanonicalJSON
import Events
import Projections
import Testing

@testable import Access

/// Whose approvals of a plan count, and when they are enough.
@Suite struct PlanReviewTests {
  private static func id<Tag>(_ byte: UInt8) -> Identifier<Tag> {
    .make(at: .earliest, random: [UInt8](repeating: byte, count: 10))
  }

  private let author: ActorID = id(1)
  private let requester: ActorID = id(2)
  private let ada: ActorID = id(3)
  private let bob: ActorID = id(4)
  private let place = Place("tamma", "production")
  private let plan = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 7, count: 32)))
  private let noon = Timestamp.earliest.adding(milliseconds: 43_200_000)

  /// What was said, each at its minute after noon.
  private enum Said {
    case given(ActorID, minute: Int)
    case rejected(ActorID, minute: Int)
    case withdrawn(ActorID)
  }

  private func approvals(_ said: [Said], isRequested: Bool = true) -> Approvals {
    var approvals = Approvals()
    let reviewed = ReviewedPlan(
      action: "deployment.start", application: place.application, environment: place.environment,
      base: 3, build: plan, configuration: plan, policy: plan)
    let approval = Approval(action: "deployment.start", application: "tamma", plan: plan)
    if isRequested {
      approvals.apply(
        recorded(
          .requested(
            ApprovalRequested(
              plan: reviewed, digest: plan, configuration: [:],
              rule: ApprovalRule(id: "it", quorum: 1))), by: requester, at: noon))
    }
    for one in said {
      switch one {
      case .given(let actor, let minute):
        approvals.apply(
          recorded(.given(ApprovalGiven(approval)), by: actor, at: after(minute)))
      case .rejected(let actor, let minute):
        approvals.apply(
          recorded(.rejected(ApprovalRejected(approval)), by: actor, at: after(minute)))
      case .withdrawn(let actor):
        approvals.apply(
          recorded(.withdrawn(ApprovalWithdrawn(approval)), by: actor, at: after(1)))
      }
    }
    return approvals
  }

  private func after(_ minutes: Int) -> Timestamp { noon.adding(milliseconds: minutes * 60_000) }

  private func recorded(
    _ event: ApprovalEvent, by actor: ActorID, at time: Timestamp
  ) -> Recorded {
    Recorded(
      position: 9, index: 0, recorded: time, entry: Self.id(9), actor: actor, behalf: nil,
      scope: Scope(environment: place.environment), stream: "approval/production", version: 1,
      event: .approval(event))
  }

  /// Everybody may approve in production, but for those who are left out.
  private func grants(without left: ActorID? = nil) -> Grants {
    var grants = Grants()
    for actor in [author, requester, ada, bob] where actor != left {
      let granted = AccessGranted(
        actor: actor, applications: .all, environments: .only(["production"]), role: .approver)
      grants.apply(
        Recorded(
          position: 1, index: 0, recorded: noon, entry: Self.id(1), actor: actor, behalf: nil,
          scope: Scope(), stream: .grant(actor), version: 1,
          event: .access(.granted(granted))))
    }
    return grants
  }

  /// Who recorded a build, whom they named as its author, and whether a token proved them.
  private typealias Record = (maker: ActorID, author: ActorID?, isByToken: Bool)

  private func build(by maker: ActorID, for author: ActorID? = nil) -> Builds.Build? {
    build(recorded: [(maker, author, false)])
  }

  private func build(recorded records: [Record]) -> Builds.Build? {
    var builds = Builds()
    for (index, record) in records.enumerated() {
      let behalf = Behalf(actor: record.maker, evidence: plan.sha256)
      builds.apply(
        Recorded(
          position: index, index: 0, recorded: noon, entry: Self.id(1),
          actor: record.isByToken ? Self.id(8) : record.maker,
          behalf: record.isByToken ? behalf : nil, scope: Scope(application: "tamma"),
          stream: "build/tamma", version: index + 1,
          event: .build(
            BuildRecorded(build: plan, change: Change(author: record.author), components: []))))
    }
    return builds[plan]
  }

  private func review(
    _ said: [Said], quorum: Int = 1, approvers: Set<ActorID>? = nil, expiryMinutes: Int = 60,
    separation: Separation = .all, deployer: ActorID? = nil, without left: ActorID? = nil,
    isRequested: Bool = true, minute: Int = 30, keys: Keys = Keys(), records: [Record]? = nil
  ) -> PlanReview {
    PlanReview(
      of: plan, in: place,
      by: ApprovalRule(
        id: "it", quorum: quorum, approvers: approvers, expiryMinutes: expiryMinutes,
        separation: separation), approvals(said, isRequested: isRequested), grants(without: left),
      keys,
      people: PlanPeople(
        build: build(recorded: records ?? [(author, nil, false)]), deployer: deployer ?? requester),
      at: after(minute))
  }

  private func reasons(_ review: PlanReview) -> [IneligibleReason] {
    review.ineligible.map(\.reason)
  }

  @Test func `a quorum is of different people`() {
    let twice = review([.given(ada, minute: 1), .given(ada, minute: 2)], quorum: 2)
    let two = review([.given(ada, minute: 1), .given(bob, minute: 2)], quorum: 2)

    #expect(twice.missing == 1)
    #expect(!twice.isApproved)
    #expect(two.isApproved)
    #expect(two.approvals.map(\.actor) == [ada, bob])
    #expect(review([], quorum: 2).missing == 2)
  }

  @Test func `neither author nor requester nor deployer counts`() {
    #expect(reasons(review([.given(author, minute: 1)])) == [.author])
    #expect(reasons(review([.given(requester, minute: 1)])) == [.deployer])
    #expect(reasons(review([.given(requester, minute: 1)], deployer: bob)) == [.author])
    #expect(reasons(review([.given(bob, minute: 1)], deployer: bob)) == [.deployer])
    for actor in [author, requester] {
      #expect(review([.given(actor, minute: 1)], separation: .none).isApproved)
    }
  }

  @Test func `whoever a build is said to be made for is its author too`() {
    let people = PlanPeople(build: build(by: author, for: bob), deployer: requester)

    #expect(people.authors == [author, bob])
    #expect(people.writers == [author, bob])
    #expect(PlanPeople(build: nil, deployer: requester).writers == [])
  }

  @Test func `an author stays one, whoever records the same bytes again`() {
    let job = Self.id(7) as ActorID
    let washed: [Record] = [(author, nil, false), (job, nil, true), (bob, ada, false)]
    let people = PlanPeople(build: build(recorded: washed), deployer: requester)

    #expect(people.authors == [author, job, bob, ada])
    #expect(people.writers == [author, ada, bob])
    for actor in [author, ada, bob] {
      #expect(reasons(review([.given(actor, minute: 1)], records: washed)) == [.author])
    }
    #expect(review([], deployer: author, records: washed).isDeployedByAuthor)
    // Naming somebody else makes nobody less of one.
    #expect(review([], deployer: author, records: [(author, ada, false)]).isDeployedByAuthor)
  }

  @Test func `who configured what does not run yet approves no plan that brings it`() {
    let people = PlanPeople(
      build: build(recorded: [(author, nil, false)]), configuring: [ada], deployer: requester)

    #expect(people.authors == [author, ada])
    #expect(people.writers == [author])
  }

  @Test func `what a job made counts as nobody's until it says whose it is`() {
    let job = Self.id(7) as ActorID
    let said: [Said] = [.given(ada, minute: 1)]
    let unnamed = review(said, deployer: job, records: [(job, nil, true)])
    let named = review(said, deployer: job, records: [(job, author, true)])

    #expect(unnamed.isAuthorUnknown)
    #expect(!unnamed.isApproved)
    #expect(!named.isAuthorUnknown)
    #expect(named.isApproved)
    #expect(!named.isDeployedByAuthor)
    #expect(
      reasons(review([.given(author, minute: 1)], records: [(job, author, true)])) == [.author])
    #expect(review(said, separation: .none, records: [(job, nil, true)]).isApproved)
  }

  @Test func `an author deploys only where two may be one`() {
    let said: [Said] = [.given(ada, minute: 1)]

    #expect(review(said, deployer: author).isDeployedByAuthor)
    #expect(!review(said, deployer: author).isApproved)
    #expect(review(said, separation: .approver, deployer: author).isApproved)
    #expect(review(said, separation: .none, deployer: author).isApproved)
  }

  @Test func `an approval is too old at its moment, not before`() {
    let said: [Said] = [.given(ada, minute: 1)]

    #expect(review(said, minute: 60).isApproved)
    #expect(reasons(review(said, minute: 61)) == [.expired])
  }

  @Test func `only those who are named count, and only while they may approve`() {
    let said: [Said] = [.given(ada, minute: 1), .rejected(bob, minute: 2)]

    #expect(reasons(review(said, approvers: [bob])) == [.notNamed])
    #expect(review(said, approvers: [ada]).rejections == [])
    #expect(review(said, approvers: [ada]).isApproved)
    #expect(reasons(review(said, without: ada)) == [.notEntitled])
    #expect(review(said, without: bob).isApproved)
  }

  @Test func `the last word of everybody counts`() {
    let no = review([.given(ada, minute: 1), .rejected(bob, minute: 2)])
    let yes = review([.rejected(ada, minute: 1), .given(ada, minute: 2)])

    #expect(no.rejections.map(\.actor) == [bob])
    #expect(!no.isApproved)
    #expect(yes.isApproved)
    #expect(review([.given(ada, minute: 1), .withdrawn(ada)]).missing == 1)
    #expect(
      review([.rejected(bob, minute: 1), .withdrawn(bob), .given(ada, minute: 2)]).isApproved)
    #expect(!review([.rejected(author, minute: 1), .given(ada, minute: 2)]).isApproved)
  }

  /// Ada's key, registered at position 2, and revoked at another; approvals stand at position 9.
  private func keys(revokedAt position: Int) throws -> Keys {
    var keys = Keys()
    let spki = PublicKeyBytes(
      spki: KeyAlgorithm.ed25519.spkiPrefix + [UInt8](repeating: 0xD1, count: 32))
    let key = KeyEvent.registered(KeyRegistered(key: spki, owner: ada, role: .actor))
    let stream = StreamName.key(plan.sha256)
    for (position, event) in [(2, key), (position, .revoked(KeyRevoked(reason: "stolen")))] {
      keys.apply(
        Recorded(
          position: position, index: 0, recorded: noon, entry: Self.id(1), actor: ada, behalf: nil,
          scope: Scope(), stream: stream, version: 1, event: .key(event)))
    }
    return keys
  }

  @Test func `an approval from before a key was revoked is doubted, a later one is not`() throws {
    let said: [Said] = [.given(ada, minute: 1), .given(bob, minute: 1)]

    #expect(reasons(review(said, keys: try keys(revokedAt: 10))) == [.keyRevoked])
    #expect(review(said, keys: try keys(revokedAt: 10)).approvals.map(\.actor) == [bob])
    #expect(review(said, keys: try keys(revokedAt: 8)).approvals.count == 2)
  }

  @Test func `what nobody asked for has no approvals`() {
    let review = review([.given(ada, minute: 1)], isRequested: false)

    #expect(!review.isRequested)
    #expect(review.approvals == [])
  }

  @Test func `a rule is recorded as the policy's, and read strictly`() throws {
    let rule = ApprovalRule(
      id: "production/approvals", quorum: 2, approvers: [bob, ada], expiryMinutes: 1_440)

    #expect(try ApprovalRule(json: rule.json) == rule)
    #expect(
      try rule.json.canonicalText()
        == #"{"condition":"approved","field":"plan","id":"production/approvals","value":{"#
        + #""approvers":["\#(ada)","\#(bob)"],"expiryMinutes":1440,"quorum":2,"#
        + #""separation":"all"}}"#)
    for (key, value) in [
      ("quorum", JSONValue.integer(0)), ("expiryMinutes", 0), ("separation", "some"),
      ("approvers", [.string("\(bob)"), .string("\(ada)")]),
    ] {
      var data = rule.data
      var asked = try #require(data["value"]?.objectValue)
      asked[key] = value
      data["value"] = .object(asked)
      #expect(throws: FormFault.self, "\(key)") { try ApprovalRule(data: data) }
    }
  }
}
