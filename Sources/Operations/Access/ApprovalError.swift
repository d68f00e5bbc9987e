import Events
import Projections

/// Why nothing was said of a plan; the ledger is as it was.
package enum ApprovalError: ExitingError, Equatable {
  case unknown(String?, Place)
  case ambiguous([ContentDigest], Place)
  /// The digest is not of the plan beside it.
  case damaged(ContentDigest)
  case notNamed(ActorID, ApprovalRule, ContentDigest)
  case ownPlan(ActorID, ApprovalRule, ContentDigest)
  case authorUnknown(ApprovalRule, ContentDigest)
  case nothingSaid(ContentDigest)

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .ambiguous, .nothingSaid: .badData
    case .damaged: .integrity
    case .notNamed, .ownPlan, .authorUnknown: .deniedByPolicy
    }
  }

  package var description: String {
    switch self {
    case .unknown(let prefix, let place):
      """
      Nothing was recorded: no plan\(prefix.map { " \($0)" } ?? "") of \(place.environment) waits \
      for approval; one that was asked for is void once the environment takes another release.
      See what waits with `stele pending`.
      """
    case .ambiguous(let plans, let place):
      """
      Nothing was recorded: \(plans.count) plans of \(place.environment) are meant: \
      \(plans.map(\.shortText).joined(separator: ", ")).
      Name one with --plan.
      """
    case .damaged(let plan):
      """
      Nothing was recorded: what the ledger shows as plan \(plan) has another digest.
      See `stele verify`, and do not approve it.
      """
    case .notNamed(let actor, let rule, let plan):
      """
      Nothing was recorded: \(rule.id) names who approves plan \(plan.shortText), and not \(actor).
      See who is named with `stele pending`.
      """
    case .ownPlan(let actor, let rule, let plan):
      """
      Nothing was recorded: \(actor) made the build of plan \(plan.shortText) or asked for it, and \
      \(rule.id) wants another one to approve it.
      See what waits with `stele pending`.
      """
    case .authorUnknown(let rule, let plan):
      """
      Nothing was recorded: jobs made the build of plan \(plan.shortText) and say nobody who wrote \
      it, and \(rule.id) wants somebody else to approve it.
      \(BuildError.authorRemedy)
      """
    case .nothingSaid(let plan):
      """
      Nothing was recorded: you have neither approved nor rejected plan \(plan.shortText).
      See what was said with `stele pending`.
      """
    }
  }
}
