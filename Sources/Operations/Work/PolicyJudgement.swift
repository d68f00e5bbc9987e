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
  /// What the build that is to run with the configuration has to have proven.
  package let proofs: [BuildProof]

  package init(
    of configuration: ResolvedConfiguration, by policy: Policy, proofs: [BuildProof] = []
  ) {
    self.proofs = proofs
    self.configuration = configuration
    self.policy = policy
    violations = policy.violations(by: configuration.environment)
    shortfalls = policy.shortfalls(of: configuration)
  }

  package var isAllowed: Bool { violations.isEmpty && shortfalls.isEmpty && unproven.isEmpty }

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
      }
  }

  private var environment: KnownEnvironment { configuration.environment.name }

  /// Whether the policy asks anything of the environment at all.
  var asksAnything: Bool {
    !proofs.isEmpty || !policy.rules(of: environment).isEmpty
      || policy.capacity(of: environment) != nil
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
    return DraftEvent(
      PolicyDecided(
        configuration: configuration.digest, policy: policy.digest,
        rules: policy.rules(of: environment).map(\.recorded)
          + proofs.map { $0.recorded(in: environment) },
        capacity: policy.capacity(of: environment)?.recorded,
        violations: broken + lacking + unproven),
      in: .policy(configuration.place.application, configuration.place.environment),
      scope: configuration.place.scope)
  }
}

extension Session {
  /// Judges a configuration, and what of the build has to be proven, and records the verdict, allow
  /// or deny, before anything rests on it.
  ///
  /// Commit point: the entry with the verdict. A crash after it leaves a verdict on which nothing
  /// rests, which is true all the same.
  ///
  /// - Returns: The entry to cite; nil where the policy asks nothing, and nothing was judged.
  /// - Throws: ``PolicyDenied`` after the denial was recorded.
  func judge(
    _ configuration: ResolvedConfiguration, by policy: Policy, proofs: [BuildProof] = [],
    after authorization: Authorization
  ) throws -> EntryID? {
    let judgement = PolicyJudgement(of: configuration, by: policy, proofs: proofs)
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
    return """
      Nothing was changed: the policy denies this \
      \(judgement.unproven.isEmpty ? "configuration" : "build") of \(environment).
      \(judgement.brokenRules.joined(separator: "\n"))
      The denial is recorded. \(remedy)
      """
  }

  private var remedy: String {
    let environment = judgement.configuration.environment.name
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
