import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Projections
import Resources

/// What a policy says of a configuration: pure.
package struct PolicyJudgement: Hashable, Sendable {
  package let configuration: ResolvedConfiguration
  package let policy: Policy
  package let violations: [PolicyViolation]
  package let shortfalls: [Shortfall]
  /// What the build that is to run with the configuration has to have proven.
  package let proofs: [BuildProof]
  /// What the month has cost so far, where something is to be deployed and there is a budget.
  package let budget: BudgetJudgement?

  /// - Parameter spending: Nil where nothing is to be deployed.
  package init(
    of configuration: ResolvedConfiguration, by policy: Policy, proofs: [BuildProof] = [],
    spending: Spending? = nil
  ) {
    let environment = configuration.environment.name
    budget = spending.flatMap { spending in
      policy.budget(of: environment).map {
        BudgetJudgement(of: spending, by: $0, in: environment)
      }
    }
    self.proofs = proofs
    self.configuration = configuration
    self.policy = policy
    violations = policy.violations(by: configuration.environment)
    shortfalls = policy.shortfalls(of: configuration)
  }

  package var isAllowed: Bool { keepsRules && deniedByBudget == nil }

  /// Whether nothing but the budget may deny it.
  private var keepsRules: Bool {
    violations.isEmpty && shortfalls.isEmpty && unproven.isEmpty
  }

  /// The budget where it denies it.
  package var deniedByBudget: BudgetJudgement? { budget.flatMap { $0.isAllowed ? nil : $0 } }

  /// How a command ends that it is denied to: a budget by its own code, where nothing else denies.
  package var denialStatus: ExitStatus {
    guard keepsRules, let denied = deniedByBudget else { return .deniedByPolicy }
    return switch denied.verdict {
    case .exceeded: .budgetExceeded
    case .unknown, .within: .inconclusive
    }
  }

  /// Where the build has not run healthy, and has to have.
  package var unproven: [BuildProof] { proofs.filter { $0.release == nil } }

  /// A line each, with the value that breaks it.
  package var brokenRules: [String] {
    violations.map { violation in
      "\(violation.rule.id): \(violation.rule.field) is \(violation.shownFound), "
        + "and has to be \(violation.rule.condition.wanted)"
    } + shortfalls.map { "\(environment)/capacity: \($0)" }
      + unproven.map { proof in
        "\(proof.rule(of: environment)): build \(proof.build.shortText) never ran healthy in "
          + "\(proof.environment)"
      } + (deniedByBudget.map { ["\($0)"] } ?? [])
  }

  private var environment: KnownEnvironment { configuration.environment.name }

  /// Whether the policy asks anything of the environment at all.
  var asksAnything: Bool {
    !proofs.isEmpty || !policy.rules(of: environment).isEmpty
      || policy.capacity(of: environment) != nil || budget != nil
  }

  var event: DraftEvent {
    let broken = violations.map { violation in
      PolicyDecided.Violation(
        rule: MachineWords(violation.rule.id), field: MachineWords(violation.rule.field),
        found: violation.found.map { MachineWords($0) })
    }
    let lacking = shortfalls.map { shortfall in
      PolicyDecided.Violation(
        rule: MachineWords("\(environment)/capacity"),
        field: MachineWords(shortfall.resource.rawValue), found: MachineWords("\(shortfall.needed)")
      )
    }
    let unproven = unproven.map { proof in
      PolicyDecided.Violation(
        rule: MachineWords(proof.rule(of: environment)), field: MachineWords("build"),
        found: MachineWords("\(proof.build)"))
    }
    let overspent =
      deniedByBudget.map { denied in
        [
          PolicyDecided.Violation(
            rule: MachineWords(Budget.rule(in: environment)), field: MachineWords(Budget.field),
            found: denied.spent.map { MachineWords("\($0)") })
        ]
      } ?? []
    return DraftEvent(
      PolicyDecided(
        configuration: configuration.digest, policy: policy.digest,
        rules: policy.rules(of: environment).map(\.recorded)
          + proofs.map { $0.recorded(in: environment) }
          + (budget.map { [$0.budget.recorded(in: environment)] } ?? []),
        capacity: policy.capacity(of: environment)?.recorded,
        spent: budget.map { PolicyDecided.Spent($0.spending) },
        violations: broken + lacking + unproven + overspent),
      in: .policy(configuration.place.application, configuration.place.environment),
      scope: configuration.place.scope)
  }
}

extension PolicyDecided.Spent {
  fileprivate init(_ spending: Spending) {
    self.init(
      amounts: spending.amounts, from: spending.month.start, until: spending.month.end,
      knownUntil: spending.knownUntil)
  }
}

extension Session {
  /// Judges a configuration, what of the build has to be proven and what the month has cost, and
  /// records the verdict, allow or deny, before anything rests on it.
  ///
  /// Commit point: the entry with the verdict. A crash after it leaves a verdict on which nothing
  /// rests, which is true all the same.
  ///
  /// - Returns: The entry to cite; nil where the policy asks nothing, and nothing was judged.
  /// - Throws: ``PolicyDenied`` after the denial was recorded.
  func judge(
    _ configuration: ResolvedConfiguration, by policy: Policy, proofs: [BuildProof] = [],
    spending: Spending? = nil, after authorization: Authorization
  ) throws -> EntryID? {
    let judgement = PolicyJudgement(
      of: configuration, by: policy, proofs: proofs, spending: spending)
    guard judgement.asksAnything else { return nil }
    let recording = try recordFact(
      EntryDraft([judgement.event], because: [authorization.decision]), by: signer(.service))
    guard judgement.isAllowed else { throw PolicyDenied(judgement: judgement) }
    return recording.entry
  }
}

/// A configuration breaks the policy; the verdict is recorded, and nothing else happened.
package struct PolicyDenied: ExitingError, Equatable {
  package let judgement: PolicyJudgement

  package var exitStatus: ExitStatus { judgement.denialStatus }

  package var description: String {
    let environment = judgement.configuration.environment.name
    return """
      Nothing was changed: \(subject) of \(environment).
      \(judgement.brokenRules.joined(separator: "\n"))
      The denial is recorded. \(remedy)
      """
  }

  private var subject: String {
    guard judgement.denialStatus == .deniedByPolicy else {
      return "the budget denies a deployment"
    }
    return "the policy denies this \(judgement.unproven.isEmpty ? "configuration" : "build")"
  }

  private var remedy: String {
    let environment = judgement.configuration.environment.name
    if judgement.denialStatus == .budgetExceeded {
      return """
        See what costs it with `stele cost \(environment)`; the budget stands in \
        config/policy.yaml.
        Going back is never denied: `stele rollback \(environment)`
        """
    }
    if judgement.denialStatus == .inconclusive {
      return """
        Import the newest bill with `stele cost import FILE`; `withoutData: allow` in \
        config/policy.yaml lets deployments through without.
        """
    }
    guard let proof = judgement.unproven.first else {
      return "See where the values are written: stele config validate \(environment)"
    }
    if let tried = proof.tried {
      let release = "\(proof.environment)#\(tried)"
      return "\(release) was to run it and has not proven it; see why: stele replay \(release)"
    }
    return "Prove it there first: stele deploy \(proof.environment) --build "
      + proof.build.shortText
  }
}

extension PolicyViolation {
  /// The value as it may be shown.
  package var shownFound: String {
    found.map { Secrecy.shown($0, at: rule.field) } ?? "not there"
  }
}
