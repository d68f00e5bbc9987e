import Access
import Events
import Projections

/// A plan has not been agreed to as the policy wants it; the verdict is recorded, and nothing else
/// happened but that the plan was asked for.
package struct ApprovalMissing: ExitingError, Equatable {
  package let place: Place
  package let review: PlanReview
  /// Whether the policy lets somebody deploy without.
  package let canBreakGlass: Bool
  /// What waits for them.
  package let deployment: PolicyQuestion.Deployment

  package var exitStatus: ExitStatus { .approvalMissing }

  /// Whether approvals would help, and nobody has asked for them yet.
  var canBeAskedFor: Bool {
    !review.isRequested && !review.isDeployedByAuthor && !review.isAuthorUnknown
  }

  package var description: String {
    """
    Nothing was deployed: \(what).
    \(([plan] + people).joined(separator: "\n"))
    \(remedy)\(hint)
    """
  }

  private var hint: String {
    canBreakGlass ? "\n" + deployment.breakGlassHint(in: place.environment) : ""
  }

  private var what: String {
    if review.isDeployedByAuthor {
      return "you made the build, and \(review.rule.id) wants another one to deploy it"
    }
    if review.isAuthorUnknown {
      return "jobs made the build and say nobody who wrote it, and \(review.rule.id) wants "
        + "somebody else to approve it"
    }
    if let rejection = review.rejections.first {
      return "\(rejection.actor) rejected this plan of \(place.environment)"
    }
    return "\(place.environment) needs \(review.rule.quorum) "
      + "\(review.rule.quorum == 1 ? "approval" : "approvals") of this plan, and has "
      + "\(review.approvals.count)"
  }

  private var plan: String { "plan \(review.plan)" }

  private var people: [String] {
    review.approvals.map { "  approved by \($0.actor), \($0.recorded.seconds)" }
      + review.ineligible.map {
        "  not counted: \($0.approval.actor), \($0.reason.words), \($0.approval.recorded.seconds)"
      }
      + review.rejections.map { "  rejected by \($0.actor), \($0.recorded.seconds)" }
  }

  private var remedy: String {
    if review.isDeployedByAuthor {
      return "Let somebody else deploy it, or write `separation: approver` into config/policy.yaml."
    }
    if review.isAuthorUnknown { return BuildError.authorRemedy }
    if let rejection = review.rejections.first {
      return "\(rejection.actor) can take it back: stele withdraw \(place.environment) --plan "
        + review.plan.shortText
    }
    return "It was asked for. Who may approve sees it and agrees with: stele approve "
      + "\(place.environment) --plan \(review.plan.shortText)\n"
      + "Then: \(deployment.command(in: place.environment))"
  }
}

extension IneligibleReason {
  /// For people, after a name.
  package var words: String {
    switch self {
    case .author: "who is an author of it"
    case .deployer: "who deploys it"
    case .expired: "too long ago"
    case .notNamed: "whom the policy does not name"
    case .notEntitled: "who may not approve any more"
    case .keyRevoked: "of whom a key was revoked since"
    }
  }
}
