import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Projections

/// What a policy says of a configuration: pure.
package struct PolicyJudgement: Hashable, Sendable {
  package let configuration: ResolvedConfiguration
  package let policy: Policy
  package let violations: [PolicyViolation]
  package let shortfalls: [Shortfall]

  package init(of configuration: ResolvedConfiguration, by policy: Policy) {
    self.configuration = configuration
    self.policy = policy
    violations = policy.violations(by: configuration.environment)
    shortfalls = policy.shortfalls(of: configuration)
  }

  package var isAllowed: Bool { violations.isEmpty && shortfalls.isEmpty }

  private var environment: KnownEnvironment { configuration.environment.name }

  /// Whether the policy asks anything of the environment at all.
  var asksAnything: Bool {
    !policy.rules(of: environment).isEmpty || policy.capacity(of: environment) != nil
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
    return DraftEvent(
      PolicyDecided(
        configuration: configuration.digest, policy: policy.digest,
        rules: policy.rules(of: environment).map(\.recorded),
        capacity: policy.capacity(of: environment)?.recorded, violations: broken + lacking),
      in: .policy(configuration.place.application, configuration.place.environment),
      scope: configuration.place.scope)
  }
}

extension Session {
  /// Judges a configuration and records the verdict, allow or deny, before anything rests on it.
  ///
  /// Commit point: the entry with the verdict. A crash after it leaves a verdict on which nothing
  /// rests, which is true all the same.
  ///
  /// - Returns: The entry to cite; nil where the policy asks nothing, and nothing was judged.
  /// - Throws: ``PolicyDenied`` after the denial was recorded.
  func judge(
    _ configuration: ResolvedConfiguration, by policy: Policy, after authorization: Authorization
  ) throws -> EntryID? {
    let judgement = PolicyJudgement(of: configuration, by: policy)
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

  package var exitStatus: ExitStatus { .deniedByPolicy }

  package var description: String {
    let environment = judgement.configuration.environment.name
    let broken = judgement.violations.map { violation in
      "\(violation.rule.id): \(violation.rule.field) is \(violation.shownFound), "
        + "and has to be \(violation.rule.condition.wanted)"
    }
    let lacking = judgement.shortfalls.map { "\(environment)/capacity: \($0)" }
    return """
      Nothing was changed: the policy denies this configuration of \(environment).
      \((broken + lacking).joined(separator: "\n"))
      The denial is recorded. See where the values are written: stele config validate \(environment)
      """
  }
}

extension PolicyViolation {
  /// The value as it may be shown.
  package var shownFound: String {
    found.map { Secrecy.shown($0, at: rule.field) } ?? "not there"
  }
}
