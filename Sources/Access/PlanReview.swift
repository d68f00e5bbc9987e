import Events
import Projections

/// Whether a plan has the approvals that a policy asks for: who counts, who does not, and why.
package struct PlanReview: Hashable, Sendable {
  /// The plan's digest.
  package let plan: ContentDigest
  package let rule: ApprovalRule
  /// Whether somebody has asked for it.
  package let isRequested: Bool
  /// Approvals that count.
  package let approvals: [Approvals.Word]
  /// Who said no, and may say so.
  package let rejections: [Approvals.Word]
  /// Approvals that do not count.
  package let ineligible: [Ineligible]
  /// Whether the deployer is an author, and the rule wants two people.
  package let isDeployedByAuthor: Bool
  /// Whether nobody knows who wrote it, and the rule wants somebody else to approve it.
  package let isAuthorUnknown: Bool

  /// An approval that does not count.
  package struct Ineligible: Hashable, Sendable {
    package let approval: Approvals.Word
    package let reason: IneligibleReason
  }

  /// How many more people have to approve.
  package var missing: Int { max(0, rule.quorum - approvals.count) }

  package var isApproved: Bool {
    missing == 0 && rejections.isEmpty && !isDeployedByAuthor && !isAuthorUnknown
  }
}

/// Why an approval does not count.
package enum IneligibleReason: String, Hashable, Sendable, CaseIterable {
  case author
  case deployer
  case expired
  /// The policy names others.
  case notNamed
  /// No grant lets them approve, any more.
  case notEntitled
  /// A key of theirs was revoked since: nobody knows who signed it.
  case keyRevoked
}

/// The people of a plan, whom a rule may want to be different.
package struct PlanPeople: Hashable, Sendable {
  /// Whoever has ever recorded the build, for whom it was said to be made, and who recorded a
  /// configuration that does not run yet.
  package let authors: Set<ActorID>
  /// Those of them who wrote the build; nobody where only jobs recorded it and named nobody.
  package let writers: Set<ActorID>
  package let deployer: ActorID

  /// - Parameter configuring: Who recorded what is configured and does not run yet.
  package init(build: Builds.Build?, configuring: Set<ActorID> = [], deployer: ActorID) {
    authors = (build?.authors.makers ?? []).union(configuring)
    writers = build?.authors.writers ?? []
    self.deployer = deployer
  }
}

extension PlanReview {
  /// Counts what was said of a plan. Pure: the same words, grants and moment give the same answer
  /// for ever, so a verifier can count again.
  ///
  /// An approval counts while it is not too old, its giver may still approve and has lost no key
  /// since; nobody's counts twice, and one rejection is enough to stop the plan until it is taken
  /// back.
  package init(
    of plan: ContentDigest, in place: Place, by rule: ApprovalRule, _ approvals: Approvals,
    _ grants: Grants, _ keys: Keys, people: PlanPeople, at now: Timestamp
  ) {
    let review = approvals.review(of: plan, in: place)
    let judge = ApproverJudge(
      place: place, rule: rule, grants: grants, keys: keys, people: people,
      requester: review?.actor, now: now)
    let words = review?.words ?? []
    let judged = words.filter { $0.meaning == .approved }.map { ($0, judge.complaint(about: $0)) }
    self.plan = plan
    self.rule = rule
    isRequested = review != nil
    self.approvals = judged.filter { $0.1 == nil }.map(\.0)
    ineligible = judged.compactMap { word, reason in
      reason.map { Ineligible(approval: word, reason: $0) }
    }
    rejections = words.filter { $0.meaning == .rejected && judge.mayReject($0.actor) }
    isDeployedByAuthor = rule.separation == .all && people.writers.contains(people.deployer)
    isAuthorUnknown = rule.separation != .none && people.writers.isEmpty
  }
}

/// Says whose approvals of one plan count.
private struct ApproverJudge {
  let place: Place
  let rule: ApprovalRule
  let grants: Grants
  let keys: Keys
  let people: PlanPeople
  /// Whoever asked for the plan is an author of it.
  let requester: ActorID?
  let now: Timestamp

  func complaint(about word: Approvals.Word) -> IneligibleReason? {
    if rule.separation != .none {
      if people.authors.contains(word.actor) { return .author }
      if word.actor == people.deployer { return .deployer }
      if word.actor == requester { return .author }
    }
    if !isNamed(word.actor) { return .notNamed }
    if word.recorded.adding(milliseconds: rule.expiryMinutes * 60_000) <= now { return .expired }
    if isDoubted(word) { return .keyRevoked }
    return mayJudge(word.actor) ? nil : .notEntitled
  }

  private func isDoubted(_ word: Approvals.Word) -> Bool {
    keys.all.contains { key in
      key.owner == word.actor && key.revoked.map { $0 > word.position } == true
    }
  }

  /// An author's or deployer's own no counts, and no rejection grows old.
  func mayReject(_ actor: ActorID) -> Bool { isNamed(actor) && mayJudge(actor) }

  private func isNamed(_ actor: ActorID) -> Bool { rule.approvers?.contains(actor) != false }

  private func mayJudge(_ actor: ActorID) -> Bool {
    AccessRequest(
      .approve, by: actor, application: place.application, environment: place.environment
    ).decide(grants, at: now).isAllowed
  }
}
