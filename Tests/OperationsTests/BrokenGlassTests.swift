import Access
import CanonicalJSON
import Cryptography
import Environments
import Events
import LedgerStore
import Projections
import TestKit
import Testing
import Verification

@testable import Operations

/// What `stele verify` and `stele doctor` say of broken glass: nobody passes over anything without
/// a review, and a missed deadline is found.
@Suite struct BrokenGlassTests {
  let shop: Shop
  /// May break the glass.
  let rita: Signer
  let policy: Policy
  let build: ContentDigest
  private let scope = Scope(application: "shop", environment: "staging")
  private let window: MachineWords = "staging/freezeWindows/always"

  init() async throws {
    shop = try await Shop()
    build = try await shop.build("first")
    try shop.files.write(
      """
      staging:
        freezeWindows: {always: {cron: "* * * * *", durationHours: 2}}
        breakGlass: {reviewWithinHours: 1}
      """, to: "config/policy.yaml")
    policy = try ProjectFiles(shop.workspace, variables: [:]).policy()
    let path = shop.directory.file("rita.pem")
    _ = try await KeyAddition(shop.session).add(
      .file(path), role: .actor, owner: nil, grant: .init(role: .responder, environments: .all))
    rita = try await shop.session.person(keyAt: path)
  }

  private func breakGlass() async throws -> DeploymentEnd {
    try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      DeploymentWish(
        configuration: shop.configuration(), policy: policy, build: build, cause: .deployment,
        reason: "down", breaksGlass: true), by: rita, observer: { _ in })
  }

  /// A verdict that the service signs, whatever the policy says.
  private func verdict(
    passed: [MachineWords]?, violations: [PolicyDecided.Violation] = [], hasRule: Bool = true
  ) async throws -> Recording {
    let control = policy.control(of: .staging)
    let rule = try #require(control.breakGlass)
    let decided = PolicyDecided(
      configuration: try shop.configuration().digest, policy: policy.digest,
      rules: control.freezeWindows.map(\.data) + (hasRule ? [rule.data] : []), capacity: nil,
      passed: passed, violations: violations)
    return try await shop.session.record(
      EntryDraft([DraftEvent(decided, in: .policy("shop", "staging"), scope: scope)]),
      by: shop.session.signer(.service))
  }

  /// Rita's release, with a review or without.
  private func release(
    citing because: [EntryID], opening review: ReviewOpened?, on action: Action = .breakGlass,
    by signer: Signer? = nil
  ) async throws -> Int {
    let signer = signer ?? rita
    let granted = try await shop.session.authorize(action, by: signer, in: Shop.staging)
    let state = try await shop.session.state()
    let wish = ConfigurationWish(
      try shop.configuration(), after: state.configurations.latest(in: Shop.staging))
    let events = [
      wish.event(reason: nil),
      DraftEvent(
        ReleaseStarted(cause: .deployment, build: build, configuration: wish.version),
        in: .release("shop", "staging"), scope: scope),
    ]
    let opened = review.map { DraftEvent($0, in: .review("shop", "staging"), scope: scope) }
    return try await shop.session.record(
      EntryDraft(
        events + (opened.map { [$0] } ?? []), expects: granted.expects,
        because: [granted.decision] + because), by: signer
    ).position
  }

  private func opened(_ passed: [MachineWords], minutes: Int = 60) -> ReviewOpened {
    ReviewOpened(due: shop.time.now().adding(milliseconds: minutes * 60_000), passed: passed)
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  private func reviews() async -> [DoctorFinding] {
    let time = shop.time
    return await DoctorReviews(shop.session, time: time).findings()
  }

  @Test func `what was broken with a review is found in order`() async throws {
    #expect(try await breakGlass() == .succeeded)

    #expect(try await findings() == [])
  }

  @Test func `who passes over a window without a review is named`() async throws {
    let verdict = try await verdict(passed: [window])
    let position = try await release(
      citing: [verdict.entry], opening: nil, on: .startDeployment, by: shop.person)

    #expect(
      try await findings() == [
        "\(position): passes over other rules than its review and the policy's verdict say"
      ])
  }

  @Test func `a review of other rules, too late or of no policy is named`() async throws {
    shop.time.stop()
    let good = try await verdict(passed: [window])
    let other = try await release(citing: [good.entry], opening: opened([]))
    let late = try await release(citing: [good.entry], opening: opened([window], minutes: 61))
    let unruled = try await verdict(passed: [window], hasRule: false)
    let free = try await release(citing: [unruled.entry], opening: opened([window]))
    let none = try await release(citing: [], opening: opened([window]))
    let sound = try await release(citing: [good.entry], opening: opened([window]))

    let differs = "passes over other rules than its review and the policy's verdict say"
    #expect(sound > none)
    #expect(
      try await findings() == [
        "\(other): \(differs)", "\(late): has its review later than staging/breakGlass wants it",
        "\(free): \(differs)", "\(none): breaks the glass without a verdict of the policy",
      ])
  }

  @Test func `who may only deploy does not open a review, and who may only break does`()
    async throws
  {
    let verdict = try await verdict(passed: [window])
    let position = try await release(
      citing: [verdict.entry], opening: opened([window]), on: .startDeployment, by: shop.person)

    let said = try await findings()
    #expect(said.count == 3)
    #expect(
      said.allSatisfy { $0 == "\(position): rests on a decision about deployment.start" }, "\(said)"
    )
  }

  @Test func `who closes a review of their own, or none, is named`() async throws {
    _ = try await breakGlass()
    _ = try await AccessWork(shop.session).change(
      .grant(.approver, .init(applications: .all, environments: .all), until: nil),
      for: rita.actor, on: AccessGrounds(reason: nil, ticket: nil))
    var expected: [String] = []
    for (number, said) in [(1, "closes a review of their own"), (7, "closes no review")] {
      let granted = try await shop.session.authorize(.closeReview, by: rita, in: Shop.staging)
      let words = try SealedValue(.string("fine"), of: rita.actor, random: SystemRandom())
      let position = try await shop.session.record(
        EntryDraft(
          [
            DraftEvent(
              ReviewClosed(number: number, finding: .justified, rationale: words.sealed),
              in: .review("shop", "staging"), scope: scope)
          ], expects: granted.expects, because: [granted.decision]), by: rita, sealed: [words]
      ).position
      expected.append("\(position): \(said)")
    }

    #expect(try await findings() == expected)
  }

  @Test func `a missed deadline is a failure until the review is closed, and stays late`()
    async throws
  {
    #expect(await reviews().map(\.verdict) == [.ok])
    _ = try await breakGlass()
    let open = await reviews()
    shop.time.advance(milliseconds: 61 * 60_000)
    let missed = await reviews()
    let unknown = await DoctorReviews(nil, time: shop.time).findings()
    _ = try await AccessWork(shop.session).change(
      .grant(.approver, .init(applications: .all, environments: .all), until: nil),
      for: shop.person.actor, on: AccessGrounds(reason: nil, ticket: nil))
    let (_, review) = try await ReviewWork(shop.session).close(
      1, in: Shop.staging, as: .unjustified, by: shop.person, rationale: "too late to say")

    #expect(open.map(\.verdict) == [.warning])
    #expect(missed.map(\.verdict) == [.failed])
    #expect(missed.first?.check == "staging 1")
    #expect(missed.first?.value.hasPrefix("open, was due 20") == true)
    #expect(missed.first?.next == "stele review close staging 1 --finding FINDING --rationale WHY")
    #expect(unknown.map(\.verdict) == [.warning])
    #expect(review.isMissed(at: shop.time.now()))
    #expect(review.closing?.finding == .unjustified)
    #expect(await reviews().map(\.verdict) == [.ok])
    #expect(try await findings() == [])
  }
}
