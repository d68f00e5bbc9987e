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

/// Once an administrator has adopted a policy, no other lets anything in: who writes the file does
/// not say alone what has to hold.
@Suite struct AdoptedPolicyTests {
  let shop: Shop
  let build: ContentDigest
  private let scope = Scope(application: "shop", environment: "staging")
  private let grounds = AccessGrounds(reason: "agreed on Monday", ticket: "OPS-12")

  init() async throws {
    shop = try await Shop()
    build = try await shop.build("first")
  }

  private func policy(_ text: String) throws -> Policy {
    try shop.files.write("staging: {\(text)}\n", to: "config/policy.yaml")
    return try ProjectFiles(shop.workspace, variables: [:]).policy()
  }

  private func strict() throws -> Policy {
    try policy("capacity: {cpu: 900, memory: 9Ti, storage: 9Ti}")
  }

  @discardableResult
  private func adopt(_ policy: Policy) async throws -> Policies.Adopted {
    try await PolicyWork(shop.session).adopt(policy, on: grounds)
  }

  @discardableResult
  private func deploy(by policy: Policy, breaksGlass: Bool = false) async throws -> DeploymentEnd {
    try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      DeploymentWish(
        configuration: shop.configuration(), policy: policy, build: build, cause: .deployment,
        breaksGlass: breaksGlass),
      by: shop.person, observer: { _ in })
  }

  private func verdicts() throws -> [PolicyDecided] {
    try shop.session.ledger.read { reader in
      try reader.positions(matching: EntryFilter(stream: .policy("shop", "staging")))
        .flatMap { try reader.entry(at: $0).read().events }
    }.compactMap {
      if case .policy(.decided(let decided)) = $0.event { decided } else { nil }
    }
  }

  private func findings() async throws -> [String] {
    let result = try await shop.verify()
    #expect(result.report.isSound)
    return try #require(result.entitlement).findings.map { "\($0.position): \($0.what)" }
  }

  /// A verdict that the service signs, whatever is adopted.
  private func verdict(
    _ policy: Policy, rules: [JSONObject] = [], violations: [PolicyDecided.Violation] = []
  ) async throws -> Recording {
    let decided = PolicyDecided(
      configuration: try shop.configuration().digest, policy: policy.digest, rules: rules,
      capacity: nil, violations: violations)
    return try await shop.session.record(
      EntryDraft([DraftEvent(decided, in: .policy("shop", "staging"), scope: scope)]),
      by: shop.session.signer(.service))
  }

  /// A configuration's release, with leave for it and whatever else is cited.
  private func release(citing because: [EntryID]) async throws -> Int {
    let granted = try await shop.session.authorize(
      .applyConfiguration, by: shop.person, in: Shop.staging)
    let state = try await shop.session.state()
    let wish = ConfigurationWish(
      try shop.configuration(), after: state.configurations.latest(in: Shop.staging))
    return try await shop.session.record(
      EntryDraft(
        [
          wish.event(reason: nil),
          DraftEvent(
            ReleaseStarted(cause: .configuration, configuration: wish.version),
            in: .release("shop", "staging"), scope: scope),
        ], expects: granted.expects, because: [granted.decision] + because), by: shop.person
    ).position
  }

  @Test func `before anybody has adopted one, whatever there is lets in`() async throws {
    #expect(try await deploy(by: strict()) == .succeeded)
    #expect(try await deploy(by: .none) == .succeeded)
    #expect(try await findings() == [])
  }

  @Test func `the adopted policy lets in, and its verdict says that it is the adopted one`()
    async throws
  {
    let policy = try strict()
    let adopted = try await adopt(policy)
    #expect(try await deploy(by: policy) == .succeeded)

    #expect(adopted.policy == policy.digest)
    #expect(adopted.contents == policy.recorded)
    let rule = try #require(try verdicts().last?.rules.first)
    #expect(rule["value"] == .string("\(policy.digest)"))
    #expect(try await findings() == [])
    #expect(try await expectedAdoptions() == 1)
  }

  /// Of the newest release's entry: what is adopted in between makes the append fail.
  private func expectedAdoptions() async throws -> Int? {
    let release = try #require(try await shop.session.state().releases.latest(in: Shop.staging))
    return try shop.session.ledger.read {
      try $0.entry(at: release.position).read().header.expects[.policies]
    }
  }

  @Test(arguments: [true, false])
  func `another policy, and a deleted one, is denied and recorded`(isDeleted: Bool) async throws {
    let policy = try strict()
    try await adopt(policy)
    let other = isDeleted ? Policy.none : try self.policy("promotion: any")
    let denied = await #expect(throws: PolicyDenied.self) { try await deploy(by: other) }

    let words = try #require(denied?.description)
    #expect(words.hasPrefix("Nothing was changed: config/policy.yaml is not what was adopted."))
    #expect(words.contains(other.digest.shortText) && words.contains(policy.digest.shortText))
    #expect(words.contains("stele policy show"))
    #expect(denied?.exitStatus == .deniedByPolicy)
    let verdict = try #require(try verdicts().last)
    #expect(verdict.decision == .deny)
    #expect(verdict.violations.map(\.rule) == [AdoptionRule.id])
    #expect(try await shop.session.state().releases.latest(in: Shop.staging) == nil)
    #expect(try await findings() == [])
  }

  @Test func `a configuration alone needs the adopted policy as well`() async throws {
    try await adopt(strict())
    await #expect(throws: PolicyDenied.self) {
      try await ConfigurationWork(shop.session).apply(
        shop.configuration(), policy: .none, by: shop.person, reason: nil)
    }
    guard
      case .applied = try await ConfigurationWork(shop.session).apply(
        shop.configuration(), policy: strict(), by: shop.person, reason: nil)
    else { return #expect(Bool(false), "nothing was applied") }
    #expect(try await findings() == [])
    #expect(try await expectedAdoptions() == 1)
  }

  @Test func `breaking the glass does not pass over it`() async throws {
    _ = try await AccessWork(shop.session).change(
      .grant(.responder, .init(applications: .all, environments: .all), until: nil),
      for: shop.person.actor, on: grounds)
    try await adopt(strict())
    let weak = try policy("breakGlass: {reviewWithinHours: 1}")

    await #expect(throws: PolicyDenied.self) { try await deploy(by: weak, breaksGlass: true) }
    #expect(try await shop.session.state().reviews.all.isEmpty)
  }

  @Test func `a rollback works whatever is adopted`() async throws {
    try await deploy(by: .none)
    let second = try await shop.build("second")
    _ = try await DeployWork(shop.session, runtimes: shop.runtimes).deploy(
      DeploymentWish(
        configuration: shop.configuration(), policy: .none, build: second, cause: .deployment),
      by: shop.person, observer: { _ in })
    try await adopt(strict())

    #expect(try await shop.rollBack(shop.plan()) == .succeeded)
    #expect(try await findings() == [])
  }

  @Test func `what is adopted already is not adopted again, and who may not adopts nothing`()
    async throws
  {
    let policy = try strict()
    let adopted = try await adopt(policy)

    await #expect(throws: PolicyError.unchanged(policy.digest, at: adopted.position)) {
      try await adopt(policy)
    }
    #expect(PolicyError.missing.description.contains("everywhere: {}"))
    #expect(PolicyError.missing.exitStatus == .configuration)
    #expect(PolicyError.unchanged(policy.digest, at: 7).description.contains("position 7"))
    #expect(PolicyError.unchanged(policy.digest, at: 7).exitStatus == .badData)
  }

  @Test func `a release by another policy, or by none, is named`() async throws {
    let policy = try strict()
    let adopted = try await adopt(policy)
    let none = try await release(citing: [])
    let other = try await release(citing: [verdict(.none).entry])
    let same = try await release(citing: [verdict(policy).entry])

    let findings = try await findings()
    #expect(
      findings == [
        "\(none): cites no verdict, and a policy was adopted at position \(adopted.position)",
        "\(other): was let in by policy \(Policy.none.digest.shortText), and "
          + "\(policy.digest.shortText) was adopted at position \(adopted.position)",
      ])
    #expect(same > other)
  }

  @Test func `a verdict of before the adoption lets nothing in after it`() async throws {
    let old = try await verdict(.none)
    let policy = try strict()
    let adopted = try await adopt(policy)
    let position = try await release(citing: [old.entry])

    #expect(
      try await findings() == [
        "\(position): was let in by policy \(Policy.none.digest.shortText), and "
          + "\(policy.digest.shortText) was adopted at position \(adopted.position)"
      ])
  }

  @Test func `what is adopted between verdict and release makes the release be judged again`()
    async throws
  {
    let weak = try policy("promotion: any")
    let strict = try strict()
    let verdict = try await shop.session.judge(
      PolicyQuestion(shop.configuration(), policy: weak),
      after: shop.session.authorize(.applyConfiguration, by: shop.person, in: Shop.staging))
    try await adopt(strict)
    let state = try await shop.session.state()

    #expect(verdict.policies == 0)
    #expect(state.policies.version == 1)
    let again = PolicyQuestion(try shop.configuration(), policy: weak)
      .judgement(on: state, at: shop.time.now())
    #expect(!again.isStill(verdict.judgement))
    #expect(!again.isAllowed)
  }

  @Test func `a verdict that says something false of adoptions is named`() async throws {
    let policy = try strict()
    let violation = PolicyDecided.Violation(
      rule: AdoptionRule.id, field: AdoptionRule.field, found: "x")
    let early = try await verdict(policy, violations: [violation])
    let made = try await verdict(policy, rules: [AdoptionRule.recorded(policy.digest)])
    try await adopt(policy)
    let lenient = try await verdict(.none, rules: [AdoptionRule.recorded(policy.digest)])
    let strict = try await verdict(
      policy, rules: [AdoptionRule.recorded(policy.digest)], violations: [violation])

    let found = try await findings()
    #expect(found.contains("\(early.position): says that nothing is adopted, and denies by it"))
    #expect(
      found.contains("\(made.position): holds its policy against one that nobody has adopted"))
    for one in [lenient, strict] {
      #expect(
        found.contains(
          "\(one.position): says otherwise whether its policy was adopted than its rules do"))
    }
  }

  @Test func `an adoption that shows another policy than it names is named`() async throws {
    let policy = try strict()
    let administrator = try await shop.session.signer(.administrator)
    let granted = try await shop.session.authorize(
      .adoptPolicy, by: administrator, application: nil, environment: nil)
    let position = try await shop.session.record(
      EntryDraft(
        [
          DraftEvent(
            PolicyAdopted(contents: Policy.none.recorded, policy: policy.digest), in: .policies)
        ], resting: granted), by: administrator
    ).position

    #expect(
      try await findings() == [
        "\(position): calls policy \(policy.digest.shortText) what is policy "
          + Policy.none.digest.shortText
      ])
  }

  @Test func `an adoption without leave is named`() async throws {
    let administrator = try await shop.session.signer(.administrator)
    let policy = try strict()
    let position = try await shop.session.record(
      EntryDraft([
        DraftEvent(
          PolicyAdopted(contents: policy.recorded, policy: policy.digest), in: .policies)
      ]), by: administrator
    ).position

    #expect(try await findings() == ["\(position): rests on no decision"])
  }

  @Test func `a rule is compared under its id, whatever stands before it`() throws {
    let one = try policy("rules: {a: {field: infrastructure.region, is: eu-west-1}}")
    let two = try policy(
      """
      rules: {b: {field: deployment.strategy, is: rolling},
        a: {field: infrastructure.region, is: eu-west-2}}
      """)

    let difference = PolicyDifference(from: one.recorded, to: two)
    #expect(
      difference.fields.map(\.path) == ["staging.rules.staging/a", "staging.rules.staging/b"])
    #expect(difference.fields[0].shownBefore == "infrastructure.region is eu-west-1")
    #expect(difference.fields[0].shownAfter == "infrastructure.region is eu-west-2")
    #expect(difference.fields[1].before == nil)
    #expect(PolicyDifference(from: nil, to: nil).fields.isEmpty)
    let turned = try policy(
      """
      rules: {a: {field: infrastructure.region, is: eu-west-2},
        b: {field: deployment.strategy, is: rolling}}
      """)
    #expect(turned.digest == two.digest)
    let control = try policy(
      """
      approvals: {quorum: 2}, budget: {monthly: 9, currency: EUR},
        freezeWindows: {night: {cron: 0 22 * * *, durationHours: 8, because: nobody looks}}
      """)
    let shown = PolicyDifference(from: nil, to: control).fields
    let texts = Dictionary(uniqueKeysWithValues: shown.map { ($0.path, $0.shownAfter) })
    #expect(texts["staging.approvals.value.quorum"] == "2")
    let night = "staging.freezeWindows.staging/freezeWindows/night"
    #expect(texts[night + ".value.cron"] == "0 22 * * *")
    #expect(texts[night + ".because"] == "nobody looks")
    #expect(texts["staging.budget.currency"] == "EUR")
    #expect(PolicyDifference(from: one.recorded, to: one).fields.isEmpty)
  }
}

/// `stele doctor` says who says what has to hold.
@Suite struct DoctorPolicyTests {
  let shop: Shop

  init() async throws { shop = try await Shop() }

  private func finding() async throws -> DoctorFinding {
    await DoctorPolicy(shop.workspace, shop.session).finding()
  }

  private func adopt(_ text: String) async throws {
    try shop.files.write(text, to: "config/policy.yaml")
    _ = try await PolicyWork(shop.session).adopt(
      ProjectFiles(shop.workspace, variables: [:]).policy(),
      on: AccessGrounds(reason: nil, ticket: nil))
  }

  @Test func `an adopted policy is ok until the files say another, or are wrong`() async throws {
    let before = try await finding()
    try await adopt("staging: {promotion: any}\n")
    let adopted = try await finding()
    try shop.files.write("staging: {promotion: proven}\n", to: "config/policy.yaml")
    let other = try await finding()
    try shop.files.write("staging: {promotion: sometimes}\n", to: "config/policy.yaml")
    let wrong = try await finding()

    #expect(before.verdict == .ok)
    #expect(before.value.contains("nothing runs in production"))
    #expect(adopted.verdict == .ok)
    #expect(adopted.value.hasPrefix("adopted "))
    #expect(other.verdict == .warning)
    #expect(other.next == "stele policy show")
    #expect(wrong.verdict == .warning)
    #expect(wrong.next == "stele config validate")
  }
}
