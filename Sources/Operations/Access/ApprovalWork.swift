import Access
import CanonicalJSON
import Environments
import Events
import LedgerStore
import Projections

/// `stele approve`, `reject` and `withdraw`: what somebody says of a plan that waits.
package struct ApprovalWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// What is said.
  package enum Word: Sendable, Equatable {
    case approve
    case reject
    /// Takes back whichever of the two was said.
    case withdraw
  }

  /// Decides whether somebody may judge plans of a place; before anything is looked at.
  package func authorize(in place: Place, by person: Signer) async throws -> Authorization {
    try await session.authorize(.approve, by: person, in: place)
  }

  /// The plan that somebody means, as the ledger has it.
  ///
  /// - Parameter prefix: The beginning of its digest's digits; nil for the only one that waits.
  /// - Throws: ``ApprovalError``; what ``Session/prove(_:in:)`` throws.
  package func find(_ prefix: String?, in place: Place) async throws -> Approvals.Review {
    let state = try await session.state()
    let review = try state.waitingPlan(prefix, in: place)
    var grounds = DecisionGrounds(place)
    grounds.plan = review.digest
    try await session.prove(grounds, in: state)
    return review
  }

  /// Records a word of a plan, signed by the key of whoever says it.
  ///
  /// Commit point: the entry with the word. What is said of a plan that has become another's turn
  /// meanwhile is not recorded.
  ///
  /// - Parameter comment: The person's own words; sealed.
  /// - Returns: Where it stands.
  /// - Throws: ``ApprovalError``, ``AccessDenied`` where others were faster, `KeyFileError`.
  package func say(
    _ word: Word, of review: Approvals.Review, by person: Signer, comment: String?,
    resting authorization: Authorization
  ) async throws -> Int {
    let place = review.place
    let sealed = try await session.seal(comment, of: person)
    let approval = Approval(
      action: review.plan.action, application: place.application, plan: review.digest,
      comment: sealed?.sealed)
    return try await session.resting(
      on: authorization, .approve, by: person, application: place.application,
      environment: place.environment
    ) { session, state, granted in
      let now = try state.waitingPlan(review.digest.sha256.hex, in: place)
      try now.check(word, by: person.actor, state)
      return try session.record(
        EntryDraft(
          [word.event(approval, in: place)], expects: granted.expects,
          because: [granted.decision, review.entry]), by: person,
        sealed: sealed.map { [$0] } ?? [],
        versions: [
          .approval(place.environment): state.approvals.version(of: place.environment) + 1
        ]
      ).position
    }
  }
}

extension ApprovalWork.Word {
  fileprivate func event(_ approval: Approval, in place: Place) -> DraftEvent {
    let stream = StreamName.approval(place.environment)
    let scope = Scope(environment: place.environment)
    return switch self {
    case .approve: DraftEvent(ApprovalGiven(approval), in: stream, scope: scope)
    case .reject: DraftEvent(ApprovalRejected(approval), in: stream, scope: scope)
    case .withdraw: DraftEvent(ApprovalWithdrawn(approval), in: stream, scope: scope)
    }
  }
}

extension Approvals.Review {
  /// What is known already not to count is not recorded.
  fileprivate func check(
    _ word: ApprovalWork.Word, by actor: ActorID, _ state: LedgerState
  ) throws(ApprovalError) {
    switch word {
    case .withdraw:
      guard words.contains(where: { $0.actor == actor }) else { throw .nothingSaid(digest) }
    case .reject: break
    case .approve:
      if rule.approvers?.contains(actor) == false { throw .notNamed(actor, rule, digest) }
      let people = PlanPeople(of: plan.build, in: place, by: self.actor, on: state)
      guard rule.separation != .none else { return }
      guard !people.authors.union([self.actor]).contains(actor) else {
        throw .ownPlan(actor, rule, digest)
      }
      guard !people.writers.isEmpty else { throw .authorUnknown(rule, digest) }
    }
  }
}

extension LedgerState {
  /// - Throws: ``ApprovalError/damaged(_:)``: a digest that is not of what is shown would be
  ///   approved unseen.
  fileprivate func waitingPlan(
    _ prefix: String?, in place: Place
  ) throws(ApprovalError) -> Approvals.Review {
    let waiting = approvals.all.filter { $0.place == place }
    let found = waiting.filter { $0.digest.sha256.hex.hasPrefix(prefix ?? "") }
    guard let only = found.first else { throw .unknown(prefix, place) }
    guard found.count == 1 else { throw .ambiguous(found.map(\.digest), place) }
    guard only.isWhole else { throw .damaged(only.digest) }
    return only
  }
}

extension Approvals.Review {
  /// Whether digests are of what they stand beside.
  var isWhole: Bool {
    plan.digest == digest && plan.configuration == ContentDigest(of: .object(configuration))
  }
}

extension Session {
  /// Asks for approvals of a plan: everything that an approver has to see, signed by whoever wants
  /// it.
  ///
  /// Commit point: the entry with `approval.requested`.
  func request(
    _ question: PolicyQuestion, reason: String?, resting authorization: Authorization,
    by person: Signer
  ) throws {
    guard let deployment = question.deployment,
      let rule = question.policy.control(of: question.configuration.environment.name).approvals
    else { return }
    let place = question.place
    let sealed = try seal(reason, of: person)
    try resting(
      on: authorization, .startDeployment, by: person, application: place.application,
      environment: place.environment
    ) { session, state, granted in
      let plan = ReviewedPlan(
        of: deployment.build, promoting: deployment.promotes, with: question.configuration,
        by: question.policy, on: state)
      guard state.approvals.review(of: plan.digest, in: place) == nil else { return }
      _ = try session.record(
        EntryDraft(
          [
            DraftEvent(
              ApprovalRequested(
                plan: plan, digest: plan.digest, configuration: question.configuration.recorded,
                rule: rule, reason: sealed?.sealed), in: .approval(place.environment),
              scope: Scope(environment: place.environment))
          ], expects: granted.expects, because: [granted.decision]), by: person,
        sealed: sealed.map { [$0] } ?? [],
        versions: [
          .approval(place.environment): state.approvals.version(of: place.environment) + 1
        ])
    }
  }
}
