import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Projections
import Resources

/// What a policy says of a configuration, of the build that is to run with it, and of the moment:
/// pure.
package struct PolicyJudgement: Hashable, Sendable {
  package let configuration: ResolvedConfiguration
  package let policy: Policy
  /// What an administrator has adopted last; nil where nobody ever has.
  package let adopted: ContentDigest?
  package let violations: [PolicyViolation]
  package let shortfalls: [Shortfall]
  /// What the build that is to run with the configuration has to have proven.
  package let proofs: [BuildProof]
  /// What the month has cost so far, where something is to be deployed and there is a budget.
  package let budget: BudgetJudgement?
  /// When it was judged; nil where only the configuration is.
  package let moment: Timestamp?
  /// Why nothing may be changed at that moment.
  package let freeze: Freeze?
  /// The digest of the plan that was judged; nil where only a configuration is recorded.
  package let plan: ContentDigest?
  /// Who has agreed to the plan; nil where the policy asks nobody.
  package let review: PlanReview?
  /// By which somebody passes over freezes and missing approvals; nil where nobody does.
  package let breakGlass: BreakGlassRule?

  /// - Parameter spending: Nil where nothing is to be deployed.
  package init(
    of configuration: ResolvedConfiguration, by policy: Policy, adopted: ContentDigest? = nil,
    proofs: [BuildProof] = [], spending: Spending? = nil, at moment: Timestamp? = nil,
    plan: ContentDigest? = nil, review: PlanReview? = nil, breakGlass: BreakGlassRule? = nil
  ) {
    let environment = configuration.environment.name
    budget = spending.flatMap { spending in
      policy.budget(of: environment).map {
        BudgetJudgement(of: spending, by: $0, in: environment)
      }
    }
    self.adopted = adopted
    self.proofs = proofs
    self.plan = plan
    self.review = review
    self.breakGlass = breakGlass
    self.moment = moment
    let windows = policy.control(of: configuration.environment.name).freezeWindows
    freeze = moment.flatMap { Freeze(of: windows, at: $0) }
    self.configuration = configuration
    self.policy = policy
    violations = policy.violations(by: configuration.environment)
    shortfalls = policy.shortfalls(of: configuration)
  }

  package var isAllowed: Bool {
    breaksNoRule && deniedByBudget == nil && (breakGlass != nil || stopping.isEmpty)
  }

  /// The rules about moment and people that stop it, or that it passes over.
  var stopping: [MachineWords] {
    let unapproved = review.flatMap { $0.isApproved ? nil : $0.rule.id }
    return (freeze?.windows.map(\.rule.id) ?? []) + (unapproved.map { [$0] } ?? [])
  }

  /// Whether it may be done at another moment, once people have agreed, or within the budget.
  var breaksNoRule: Bool {
    violations.isEmpty && shortfalls.isEmpty && unproven.isEmpty && !isForeign
  }

  /// Whether it is another policy than an administrator has adopted.
  package var isForeign: Bool { adopted.map { $0 != policy.digest } ?? false }

  /// The budget where it denies it.
  package var deniedByBudget: BudgetJudgement? { budget.flatMap { $0.isAllowed ? nil : $0 } }

  /// How a command ends that it is denied to: a budget by its own code, where nothing else denies.
  package var denialStatus: ExitStatus {
    guard freeze == nil, breaksNoRule, let denied = deniedByBudget else { return .deniedByPolicy }
    return switch denied.verdict {
    case .exceeded: .budgetExceeded
    case .unknown, .within: .inconclusive
    }
  }

  /// Where the build has not run healthy, and has to have.
  package var unproven: [BuildProof] { proofs.filter { $0.release == nil } }

  /// A line each, with the value that breaks it.
  package var brokenRules: [String] {
    foreign
      + violations.map { violation in
        "\(violation.rule.id): \(violation.rule.field) is \(violation.shownFound), "
          + "and has to be \(violation.rule.condition.wanted)"
      } + shortfalls.map { "\(environment)/capacity: \($0)" }
      + unproven.map { proof in
        "\(proof.rule(of: environment)): build \(proof.build.shortText) never ran healthy in "
          + "\(proof.environment)"
      } + (deniedByBudget.map { ["\($0)"] } ?? []) + (freeze?.windows.map { "\($0)" } ?? [])
  }

  private var foreign: [String] {
    guard let adopted, isForeign else { return [] }
    return [
      "\(AdoptionRule.id): policy is \(policy.digest.shortText), "
        + "and has to be \(adopted.shortText)"
    ]
  }

  private var environment: KnownEnvironment { configuration.environment.name }

  /// Whether the policy asks anything of the environment at all.
  var asksAnything: Bool {
    adopted != nil || !proofs.isEmpty || !policy.rules(of: environment).isEmpty
      || policy.capacity(of: environment) != nil || budget != nil
      || policy.control(of: environment).asksAnything || breakGlass != nil
  }

  /// Whether the policy lets somebody pass over what stops it.
  var canBreakGlass: Bool { policy.control(of: environment).breakGlass != nil }

  /// Whether what depends on moment and people, and which policy is adopted, is as it was, so that
  /// no new verdict is needed.
  func isStill(_ earlier: PolicyJudgement) -> Bool {
    freeze == earlier.freeze && plan == earlier.plan && review == earlier.review
      && adopted == earlier.adopted
  }

  var event: DraftEvent {
    let broken = violations.map(PolicyDecided.Violation.init)
    let foreign = PolicyDecided.Violation(
      rule: AdoptionRule.id, field: AdoptionRule.field, found: MachineWords("\(policy.digest)"))
    let lacking = shortfalls.map { PolicyDecided.Violation($0, in: environment.name) }
    let unproven = unproven.map { proof in
      PolicyDecided.Violation(
        rule: MachineWords(proof.rule(of: environment)), field: MachineWords("build"),
        found: MachineWords("\(proof.build)"))
    }
    let overspent = deniedByBudget.map { denied in
      PolicyDecided.Violation(
        rule: MachineWords(Budget.rule(in: environment)), field: MachineWords(Budget.field),
        found: denied.spent.map { MachineWords("\($0)") })
    }
    let frozen = (freeze?.windows ?? []).map { window in
      PolicyDecided.Violation(
        rule: window.rule.id, field: MachineWords(FreezeWindow.field.rawValue),
        found: moment.map { MachineWords("\($0)") })
    }
    let disagreed = review.flatMap { review in
      review.isApproved
        ? nil
        : PolicyDecided.Violation(
          rule: review.rule.id, field: MachineWords(ApprovalRule.field.rawValue),
          found: MachineWords("\(review.plan)"))
    }
    return DraftEvent(
      PolicyDecided(
        configuration: configuration.digest, policy: policy.digest, rules: recordedRules,
        capacity: policy.capacity(of: environment)?.recorded,
        spent: budget.map { PolicyDecided.Spent($0.spending) }, plan: plan,
        passed: breakGlass.map { _ in stopping },
        violations: (isForeign ? [foreign] : []) + broken + lacking + unproven
          + [overspent].compactMap(\.self)
          + (breakGlass == nil ? frozen + (disagreed.map { [$0] } ?? []) : [])),
      in: .policy(configuration.place.application, configuration.place.environment),
      scope: configuration.place.scope)
  }

  /// All that the policy asks, of whatever is judged.
  private var recordedRules: [JSONObject] {
    let control = policy.control(of: environment)
    return (adopted.map { [AdoptionRule.recorded($0)] } ?? [])
      + policy.rules(of: environment).map(\.recorded)
      + proofs.map { $0.recorded(in: environment) } + control.freezeWindows.map(\.data)
      + (control.approvals.map { [$0.data] } ?? []) + (breakGlass.map { [$0.data] } ?? [])
      + (budget.map { [$0.budget.recorded(in: environment)] } ?? [])
  }
}

extension PolicyDecided.Violation {
  init(_ violation: PolicyViolation) {
    self.init(
      rule: MachineWords(violation.rule.id), field: MachineWords(violation.rule.field),
      found: violation.found.map { MachineWords($0) })
  }

  init(_ shortfall: Shortfall, in environment: EnvironmentName) {
    self.init(
      rule: Self.capacity(of: environment), field: MachineWords(shortfall.resource.rawValue),
      found: MachineWords("\(shortfall.needed)"))
  }

  /// How verdicts name that there is too little of something.
  static func capacity(of environment: EnvironmentName) -> MachineWords {
    MachineWords("\(environment)/capacity")
  }
}

extension PolicyDecided.Spent {
  fileprivate init(_ spending: Spending) {
    self.init(
      amounts: spending.amounts, from: spending.month.start, until: spending.month.end,
      knownUntil: spending.knownUntil)
  }
}

extension PolicyViolation {
  /// The value as it may be shown.
  package var shownFound: String {
    found.map { Secrecy.shown($0, at: rule.field) } ?? "not there"
  }
}
