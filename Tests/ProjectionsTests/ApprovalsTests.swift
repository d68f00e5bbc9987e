import CanonicalJSON
import Events
import Projections
import Testing

/// Which plans wait, and what was said of them.
@Suite struct ApprovalsTests {
  private let first = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 1, count: 32)))
  private let other = ContentDigest(sha256: Digest(bytes: [UInt8](repeating: 2, count: 32)))
  private let actor: ActorID = .make(at: .earliest, random: [UInt8](repeating: 5, count: 10))
  private let place = Place("tamma", "production")
  private var approvals = Approvals()

  private mutating func apply(
    _ event: LedgerEvent, scope: Scope = Scope(environment: "production"), version: Int = 1,
    position: Int = 0
  ) {
    approvals.apply(
      Recorded(
        position: position, index: 0, recorded: .earliest,
        entry: .make(at: .earliest, random: [UInt8](repeating: 1, count: 10)), actor: actor,
        behalf: nil, scope: scope, stream: "approval/production", version: version, event: event))
  }

  private mutating func request(
    _ digest: ContentDigest, base: Int = 3, of application: ApplicationName = "tamma",
    in environment: EnvironmentName = "production", version: Int = 1
  ) {
    apply(
      .approval(
        .requested(
          ApprovalRequested(
            plan: ReviewedPlan(
              action: "deployment.start", application: application, environment: environment,
              base: base, build: digest, configuration: digest, policy: digest),
            digest: digest, configuration: ["a": 1], rule: ApprovalRule(id: "it", quorum: 1)))),
      version: version)
  }

  private func approval(
    _ plan: ContentDigest, action: Code = "deployment.start",
    of application: ApplicationName = "tamma"
  ) -> LedgerEvent {
    .approval(
      .given(ApprovalGiven(Approval(action: action, application: application, plan: plan))))
  }

  private mutating func start(_ number: Int, of application: ApplicationName = "tamma") {
    apply(
      .release(ReleaseStarted(cause: .configuration, configuration: 1)),
      scope: Scope(application: application, environment: "production"), version: number)
  }

  private mutating func decide(_ conditions: [String], position: Int) {
    apply(
      .policy(
        .decided(
          PolicyDecided(
            configuration: first, policy: first,
            rules: conditions.map { ["condition": .string($0)] } + [["id": "other"]],
            capacity: nil, violations: []))), scope: place.scope, position: position)
  }

  @Test mutating func `a plan waits until its place takes another release`() {
    request(first)
    request(other, base: 4)
    start(3)
    start(9, of: "others")
    #expect(approvals.all.map(\.digest) == [first, other])
    start(4)
    #expect(approvals.all.map(\.digest) == [other])
    start(5)
    #expect(approvals.all.isEmpty)
  }

  @Test mutating func `who asks again leaves what was said`() {
    request(first)
    apply(approval(first), version: 2)
    request(first, version: 3)

    #expect(approvals.all.count == 1)
    #expect(approvals.review(of: first, in: place)?.words.map(\.actor) == [actor])
    #expect(approvals.version(of: "production") == 3)
    #expect(approvals.version(of: "staging") == 0)
  }

  @Test mutating func `what is said of something else says nothing of the plan`() {
    apply(approval(first))
    request(first)
    apply(approval(other))
    apply(approval(first, action: "deployment.stop"))
    apply(approval(first, of: "others"))
    apply(approval(first), scope: Scope(environment: "staging"))
    apply(approval(first), scope: Scope())

    #expect(approvals.review(of: first, in: place)?.words == [])
  }

  @Test mutating func `a plan of another environment than its stream's is none`() {
    request(first, in: "staging")
    #expect(approvals.all.isEmpty)
  }

  @Test mutating func `the newest verdict says whether changes are controlled`() {
    #expect(approvals.control(of: place) == nil)
    decide(["approved"], position: 4)
    #expect(approvals.control(of: place) == 4)
    decide(["is", "outside"], position: 6)
    #expect(approvals.control(of: place) == 6)
    decide(["is"], position: 7)
    #expect(approvals.control(of: place) == nil)
    #expect(approvals.control(of: Place("others", "production")) == nil)
  }

  @Test mutating func `a snapshot has it all`() throws {
    request(first)
    apply(approval(first), version: 2)
    request(other, base: 7, version: 3)
    decide(["approved"], position: 4)

    #expect(try Approvals(snapshot: approvals.snapshot) == approvals)
  }
}
