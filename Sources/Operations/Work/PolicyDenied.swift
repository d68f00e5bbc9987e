import Access
import Environments
import Events

/// A configuration breaks the policy; the verdict is recorded, and nothing else happened.
package struct PolicyDenied: ExitingError, Equatable {
  package let judgement: PolicyJudgement
  /// What was to run; nil where a configuration was to be recorded.
  package let deployment: PolicyQuestion.Deployment?

  package var exitStatus: ExitStatus { judgement.denialStatus }

  package var description: String {
    """
    Nothing was changed: \(what).
    \(judgement.brokenRules.joined(separator: "\n"))
    The denial is recorded. \(remedy)
    """
  }

  private var environment: KnownEnvironment { judgement.configuration.environment.name }

  private var what: String {
    if judgement.isForeign { return "\(ConfigurationDirectory.policyFile) is not what was adopted" }
    if let freeze = judgement.freeze, judgement.breaksNoRule {
      return "\(environment) is frozen \(freeze.length)"
    }
    guard judgement.denialStatus == .deniedByPolicy else {
      return "the budget denies a deployment of \(environment)"
    }
    return "the policy denies this \(judgement.unproven.isEmpty ? "configuration" : "build") of "
      + "\(environment)"
  }

  private var remedy: String {
    if judgement.isForeign {
      return """
        See what differs with `stele policy show`; an administrator adopts what is to count: \
        stele policy adopt
        """
    }
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
    if let proof = judgement.unproven.first {
      if let tried = proof.tried {
        let release = "\(proof.environment)#\(tried)"
        return "\(release) was to run it and has not proven it; see why: stele replay \(release)"
      }
      return "Prove it there first: stele deploy \(proof.environment) --build "
        + proof.build.shortText
    }
    guard judgement.freeze != nil, judgement.breaksNoRule else {
      return "See where the values are written: stele config validate \(environment)"
    }
    let back = "Going back works at any time: stele rollback \(environment)"
    guard judgement.canBreakGlass, let deployment else { return back }
    return back + "\n" + deployment.breakGlassHint(in: environment.name)
  }
}

extension Freeze {
  /// The end of "frozen …".
  fileprivate var length: String {
    until.map { "until \($0.seconds)" } ?? "for more than \(Self.horizonDays) days"
  }
}

extension Freeze.Window: CustomStringConvertible {
  package var description: String {
    "\(rule.id): open until \(end.seconds), \(rule.cron) (UTC) for \(rule.durationMinutes) min"
      + (rule.because.map { ": \($0)" } ?? "")
  }
}
