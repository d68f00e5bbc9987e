import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Projections
import SecretStore
import TestKit
import Testing
import Verification

@testable import Operations

/// `stele verify` asks again what the policy asked of people and moments: whoever let a release in
/// without it is named, however well everything is signed.
@Suite struct ControlledReleasesTests {
  let shop: Shop
  /// May approve.
  let ada: Signer
  let build: ContentDigest
  private let scope = Scope(application: "shop", environment: "staging")

  init() async throws {
    shop = try await Shop()
    build = try await shop.build("first")
    let path = shop.directory.file("ada.pem")
    _ = try await KeyAddition(shop.session).add(
      .file(path), role: .actor, owner: nil, grant: .init(role: .approver, environments: .all))
    ada = try await shop.session.person(keyAt: path)
  }

  private func policy(_ text: String) throws -> Policy {
    try shop.files.write("staging: {\(text)}\n", to: "config/policy.yaml")
    return try ProjectFiles(shop.workspace, variables: [:]).policy()
  }

  private func approvals(_ more: String = "") throws -> Policy {
    try policy("approvals: {quorum: 1, separation: approver\(more)}")
  }

  private func deploy(by policy: Policy) async throws -> DeploymentEnd {
    try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      DeploymentWish(
        configuration: shop.configuration(), policy: policy, build: build, cause: .deployment),
      by: shop.person, observer: { _ in })
  }

  /// Asks for the plan and has it approved by `signer`.
  private func approve(by policy: Policy, as signer: Signer? = nil) async throws {
    await #expect(throws: ApprovalMissing.self) { try await deploy(by: policy) }
    try await say(.approve, as: signer)
  }

  private func say(_ word: ApprovalWork.Word, as signer: Signer? = nil) async throws {
    let work = ApprovalWork(shop.session)
    let granted = try await work.authorize(in: Shop.staging, by: signer ?? ada)
    _ = try await work.say(
      word, of: work.find(nil, in: Shop.staging), by: signer ?? ada, comment: "why",
      resting: granted)
  }

  /// A verdict that the service signs, whatever the policy says.
  private func verdict(
    _ policy: Policy, rules: [JSONObject]? = nil, capacity: Amounts? = nil,
    plan: ContentDigest? = nil, violations: [PolicyDecided.Violation] = [],
    citing because: [EntryID] = []
  ) async throws -> Recording {
    let control = policy.control(of: .staging)
    let decided = PolicyDecided(
      configuration: try shop.configuration().digest, policy: policy.digest,
      rules: rules
        ?? (control.freezeWindows.map(\.data) + (control.approvals.map { [$0.data] } ?? [])),
      capacity: capacity?.recorded, plan: plan, violations: violations)
    return try await shop.session.record(
      EntryDraft(
        [DraftEvent(decided, in: .policy("shop", "staging"), scope: scope)], because: because),
      by: shop.session.signer(.service))
  }

  /// A release of the build that rests on leave to deploy and on whatever else is named.
  private func release(
    citing because: [EntryID], configuration: ResolvedConfiguration? = nil
  ) async throws -> Int {
    let granted = try await shop.session.authorize(
      .startDeployment, by: shop.person, in: Shop.staging)
    let state = try await shop.session.state()
    let wish = ConfigurationWish(
      try configuration ?? shop.configuration(),
      after: state.configurations.latest(in: Shop.staging))
    return try await shop.session.record(
      EntryDraft(
        [
          wish.event(reason: nil),
          DraftEvent(
            ReleaseStarted(cause: .deployment, build: build, configuration: wish.version),
            in: .release("shop", "staging"), scope: scope),
        ], expects: granted.expects, because: [granted.decision] + because), by: shop.person
    ).position
  }

  /// What `stele verify` says, without whom and of what kind.
  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  @Test func `what was approved is found in order`() async throws {
    try await approve(by: approvals())
    #expect(try await deploy(by: approvals()) == .succeeded)

    #expect(try await findings() == [])
  }

  @Test func `a release that cites no verdict is named where the policy controls changes`()
    async throws
  {
    let free = try await release(citing: [])
    let asked = try await verdict(approvals())
    let position = try await release(citing: [])

    #expect(free < asked.position)
    #expect(
      try await findings() == [
        "\(position): cites no verdict, and the policy of entry \(asked.position) controls changes"
      ])
  }

  @Test func `a verdict from before the policy controlled changes does not do`() async throws {
    let old = try await verdict(.none)
    let new = try await verdict(approvals())
    let position = try await release(citing: [old.entry])

    #expect(
      try await findings() == [
        "\(position): cites a verdict from before the policy of entry \(new.position) controlled "
          + "changes"
      ])
  }

  @Test func `a later policy that asks nothing lets through, and says so`() async throws {
    _ = try await verdict(approvals())
    let later = try await verdict(.none)
    _ = try await release(citing: [later.entry])

    #expect(try await findings() == [])
  }

  @Test func `what rests on a denial is named`() async throws {
    let policy = try approvals()
    let denied = try await verdict(
      policy,
      violations: [
        .init(rule: "staging/approvals", field: "plan", found: "\(build)" as MachineWords)
      ])
    let position = try await release(citing: [denied.entry])

    #expect(try await findings() == ["\(position): rests on a denial of the policy"])
  }

  @Test func `a verdict that lets through what nobody approved is named`() async throws {
    let verdict = try await verdict(approvals())
    let position = try await release(citing: [verdict.entry])

    #expect(
      try await findings() == ["\(position): began with 0 of 1 approvals of its plan"])
  }

  @Test func `an approval that was taken back does not do`() async throws {
    let policy = try approvals()
    try await approve(by: policy)
    try await say(.withdraw)
    let position = try await release(citing: [verdict(policy).entry])

    #expect(
      try await findings() == ["\(position): began with 0 of 1 approvals of its plan"])
  }

  @Test func `a plan that somebody rejected is named`() async throws {
    let policy = try approvals()
    try await approve(by: policy)
    try await say(.reject)
    let position = try await release(citing: [verdict(policy).entry])

    #expect(
      try await findings() == ["\(position): began though \(ada.actor) rejected its plan"])
  }

  @Test func `an approval counts for its time, and no longer than clocks may differ`()
    async throws
  {
    let policy = try approvals(", expiryHours: 1")
    try await approve(by: policy)
    shop.time.advance(milliseconds: 74 * 60_000)
    let inTime = try await findings()
    await #expect {
      try await deploy(by: policy)
    } throws: {
      ($0 as? ApprovalMissing)?.description.contains("\(ada.actor), too long ago") == true
    }
    shop.time.advance(milliseconds: 2 * 60_000)
    let position = try await release(citing: [verdict(policy).entry])

    #expect(inTime == [])
    #expect(
      try await findings() == [
        "\(position): began with 0 of 1 approvals of its plan, \(ada.actor) not counted (expired)"
      ])
  }

  @Test func `an approval by whoever deploys, made with other tools, does not do`() async throws {
    let policy = try approvals()
    _ = try await AccessWork(shop.session).change(
      .grant(.approver, .init(applications: .all, environments: .all), until: nil),
      for: shop.person.actor, on: AccessGrounds(reason: nil, ticket: nil))
    await #expect(throws: ApprovalMissing.self) { try await deploy(by: policy) }
    let review = try await ApprovalWork(shop.session).find(nil, in: Shop.staging)
    let granted = try await shop.session.authorize(.approve, by: shop.person, in: Shop.staging)
    _ = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(
            ApprovalGiven(
              Approval(action: "deployment.start", application: "shop", plan: review.digest)),
            in: .approval("staging"), scope: Scope(environment: "staging"))
        ], expects: granted.expects, because: [granted.decision]), by: shop.person)
    let position = try await release(citing: [verdict(policy).entry])

    #expect(
      try await findings() == [
        "\(position): began with 0 of 1 approvals of its plan, \(shop.person.actor) not counted "
          + "(author)"
      ])
  }

  @Test func `an author who deploys is named where three have to differ`() async throws {
    let policy = try policy("approvals: {quorum: 1}")
    let position = try await release(citing: [verdict(policy).entry])

    #expect(
      try await findings() == [
        "\(position): was deployed by its author, against staging/approvals"
      ])
  }

  @Test func `an approval without leave to approve is named, and does not do`() async throws {
    let path = shop.directory.file("eve.pem")
    _ = try await KeyAddition(shop.session).add(.file(path), role: .actor, owner: nil, grant: nil)
    let eve = try await shop.session.person(keyAt: path)
    let policy = try approvals()
    await #expect(throws: ApprovalMissing.self) { try await deploy(by: policy) }
    let review = try await ApprovalWork(shop.session).find(nil, in: Shop.staging)
    let version = try await shop.session.state().grants.version(of: eve.actor)
    let given = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(
            ApprovalGiven(
              Approval(action: "deployment.start", application: "shop", plan: review.digest)),
            in: .approval("staging"), scope: Scope(environment: "staging"))
        ], expects: [.grant(eve.actor): version]), by: eve)
    await #expect(throws: ApprovalMissing.self) { try await deploy(by: policy) }
    let position = try await release(citing: [verdict(policy).entry])

    #expect(
      try await findings() == [
        "\(given.position): rests on no decision",
        "\(position): began with 0 of 1 approvals of its plan, \(eve.actor) not counted "
          + "(notEntitled)",
      ])
  }

  @Test func `approvals of another build, configuration or policy do not do`() async throws {
    let policy = try approvals()
    try await approve(by: policy)
    try shop.files.describe("another")
    let other = try shop.configuration()
    try shop.files.describe("For tests")
    let position = try await release(citing: [verdict(policy).entry], configuration: other)

    #expect(
      try await findings() == [
        "\(position): runs with another configuration than the policy's verdict is about",
        "\(position): began with 0 of 1 approvals of its plan",
      ])
  }

  @Test func `a request that shows another plan than it asks for is named, and never approved`()
    async throws
  {
    let policy = try approvals()
    let granted = try await shop.session.authorize(
      .startDeployment, by: shop.person, in: Shop.staging)
    let configuration = try shop.configuration()
    let state = try await shop.session.state()
    let plan = ReviewedPlan(
      of: build, promoting: nil, with: configuration, by: policy, on: state)
    let rule = try #require(policy.control(of: .staging).approvals)
    let position = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(
            ApprovalRequested(
              plan: plan, digest: build, configuration: configuration.recorded, rule: rule),
            in: .approval("staging"), scope: Scope(environment: "staging"))
        ], expects: granted.expects, because: [granted.decision]), by: shop.person
    ).position

    await #expect(throws: ApprovalError.damaged(build)) { try await say(.approve) }
    #expect(
      try await findings() == ["\(position): asks for approvals of another plan than it shows"])
  }

  @Test func `a verdict that forgets an open window is named, and what began in it too`()
    async throws
  {
    let policy = try policy(
      "freezeWindows: {always: {cron: '* * * * *', durationHours: 1}}")
    let verdict = try await verdict(policy)
    let position = try await release(citing: [verdict.entry])

    #expect(
      try await findings() == [
        "\(verdict.position): names other freeze windows as open than were open at its moment",
        "\(position): began while staging/freezeWindows/always was open",
      ])
  }

  @Test func `a build that should have served elsewhere first, and has not, is named`()
    async throws
  {
    let rule: JSONObject = [
      "condition": "provenIn", "field": "build", "id": "staging/promotion",
      "value": "development",
    ]
    let position = try await release(citing: [verdict(.none, rules: [rule]).entry])

    #expect(
      try await findings() == [
        "\(position): runs build \(build.shortText), which never ran healthy in development"
      ])
  }

  @Test func `a rule of a condition that nobody here can decide is named, and passes nothing`()
    async throws
  {
    let rule: JSONObject = ["condition": "byMoon", "field": "build", "id": "staging/moon"]
    let verdict = try await verdict(.none, rules: [rule])
    let position = try await release(citing: [verdict.entry])

    #expect(
      try await findings() == [
        "\(verdict.position): has a rule that cannot be read: condition is not one that is known "
          + "here",
        "\(position): rests on a verdict that cannot be judged again: condition is not one that is "
          + "known here",
      ])
  }

  @Test func `what was denied because of a window is found in order`() async throws {
    let policy = try policy(
      "freezeWindows: {always: {cron: '* * * * *', durationHours: 1}}")
    await #expect(throws: PolicyDenied.self) { try await deploy(by: policy) }

    #expect(try await findings() == [])
  }

  @Test(arguments: [true, false])
  func `a denial for want of a proof that was there is named, unless it came too late`(
    isLate: Bool
  ) async throws {
    let early = try await leave()
    #expect(try await deploy(by: .none) == .succeeded)
    let late = try await leave()
    let denied = try await verdict(
      .none,
      rules: [
        [
          "condition": "provenIn", "field": "build", "id": "staging/promotion",
          "value": "staging",
        ]
      ],
      violations: [
        .init(rule: "staging/promotion", field: "build", found: MachineWords("\(build)"))
      ], citing: [isLate ? early : late])

    let named =
      "\(denied.position): denies build \(build.shortText) as never having run healthy, and it had"
    #expect(try await findings() == (isLate ? [] : [named]))
  }

  @Test(arguments: [true, false])
  func `a denial for want of approvals that were there is named, unless they came too late`(
    isLate: Bool
  ) async throws {
    let policy = try approvals()
    let early = try await leave()
    try await approve(by: policy)
    let late = try await leave()
    let plan = try await ApprovalWork(shop.session).find(nil, in: Shop.staging).digest
    let denied = try await verdict(
      policy, plan: plan,
      violations: [
        .init(rule: "staging/approvals", field: "plan", found: MachineWords("\(plan)"))
      ], citing: [isLate ? early : late])

    let named = "\(denied.position): denies for want of approvals that were there"
    #expect(try await findings() == (isLate ? [] : [named]))
  }

  private func leave() async throws -> EntryID {
    try await shop.session.authorize(.startDeployment, by: shop.person, in: Shop.staging).decision
  }

  /// Asks for more replicas than the shop has, and for a strategy that it has.
  private func settings() throws -> [JSONObject] {
    try policy(
      "rules: {many: {field: resources.orchestrator.replicas, atLeast: 50}, "
        + "strategy: {field: deployment.strategy, oneOf: [rolling, blue-green]}}"
    ).rules(of: .staging).map(\.recorded)
  }

  @Test func `a verdict that lets through a configuration which breaks its rules is named`()
    async throws
  {
    let verdict = try await verdict(.none, rules: settings())
    let position = try await release(citing: [verdict.entry])

    let replicas = try shop.configuration().environment.resources.orchestrator.replicas
    #expect(
      try await findings() == [
        "\(position): rests on a verdict by which its configuration breaks no rule, and it breaks "
          + "staging/many (\(replicas))"
      ])
  }

  @Test func `a verdict that lets through what there is no room for is named`() async throws {
    let capacity = Amounts(milliCPU: 1, memoryBytes: 1 << 50, storageBytes: 1 << 50)
    let verdict = try await verdict(.none, capacity: capacity)
    let position = try await release(citing: [verdict.entry])

    #expect(
      try await findings() == [
        "\(position): rests on a verdict by which its configuration breaks no rule, and it breaks "
          + "staging/capacity (\(try shop.configuration().peak.milliCPU))"
      ])
  }

  @Test func `a denial of what keeps the rule, or by a rule that is not there, is named`()
    async throws
  {
    let verdict = try await verdict(
      .none, rules: settings(),
      violations: [
        .init(rule: "staging/strategy", field: "deployment.strategy", found: "rolling"),
        .init(rule: "staging/many", field: "resources.orchestrator.replicas", found: nil),
        .init(rule: "staging/other", field: "deployment.strategy", found: "rolling"),
      ])

    #expect(
      try await findings() == [
        "\(verdict.position): says that staging/strategy is broken by rolling, which keeps it",
        "\(verdict.position): says that staging/other is broken, which is none of its rules",
      ])
  }

  @Test func `a verdict of another shape is named`() async throws {
    let verdict = try await verdict(
      .none, rules: [["condition": "is", "field": "application", "id": "staging/it", "value": 7]])
    let position = try await release(citing: [verdict.entry])

    #expect(
      try await findings() == [
        "\(verdict.position): has a rule that cannot be read: value is not text",
        "\(position): rests on a verdict that cannot be judged again: value is not text",
      ])
  }

  @Test func `what a policy of settings denied, and let through, is found in order`()
    async throws
  {
    let strict = try policy(
      "rules: {many: {field: resources.orchestrator.replicas, atLeast: 50}}")
    await #expect(throws: PolicyDenied.self) { try await deploy(by: strict) }
    let kept = try policy("rules: {some: {field: resources.orchestrator.replicas, atLeast: 1}}")
    #expect(try await deploy(by: kept) == .succeeded)

    #expect(try await findings() == [])
  }

  @Test func `a rule that cannot be read is named`() async throws {
    let rule: JSONObject = [
      "condition": "outside", "field": "time", "id": "it",
      "value": ["cron": "never", "durationMinutes": 1],
    ]
    let verdict = try await verdict(.none, rules: [rule])

    #expect(
      try await findings() == [
        "\(verdict.position): has a rule that cannot be read: value.cron must be five fields of "
          + "cron, with one blank between two"
      ])
  }

  /// Between the verdict and the release, everything is looked at again.
  @Test func `an approval that is taken back while a deployment begins stops it`() async throws {
    let policy = try approvals()
    try await approve(by: policy)
    let (work, shop) = (ApprovalWork(shop.session), shop)
    let review = try await work.find(nil, in: Shop.staging)
    let granted = try await work.authorize(in: Shop.staging, by: ada)
    let slow = SlowRuntimes(shop.runtimes) { [ada] in
      _ = try await work.say(.withdraw, of: review, by: ada, comment: nil, resting: granted)
    }
    let wish = DeploymentWish(
      configuration: try shop.configuration(), policy: policy, build: build, cause: .deployment)

    await #expect(throws: ApprovalMissing.self) {
      try await DeployWork(shop.session, runtimes: slow).deploy(
        wish, by: shop.person, observer: { _ in })
    }
    #expect(try await shop.running() == nil)
    #expect(try await findings() == [])
  }
}
