import Access
import Environments
import Events
import LedgerStore
import Projections
import Resources

/// What a policy is asked about: a configuration, and perhaps the deployment that is to bring it.
package struct PolicyQuestion: Sendable {
  package let configuration: ResolvedConfiguration
  package let policy: Policy
  /// What of the build has to be proven.
  package let proofs: [BuildProof]
  /// What the month has cost so far; nil where nothing is to be deployed.
  package let spending: Spending?
  /// Nil where a configuration is only recorded, for which nobody has to agree.
  package let deployment: Deployment?

  /// What is to run, and who wants it.
  package struct Deployment: Hashable, Sendable {
    package let build: ContentDigest
    package let promotes: ReleasePromotion?
    package let deployer: ActorID
    package let breaksGlass: Bool

    /// What somebody types for it.
    func command(in environment: EnvironmentName) -> String {
      promotes.map { "stele promote '\($0)' \(environment)" }
        ?? "stele deploy \(environment) --build \(build.shortText)"
    }

    /// What to do where nothing can wait.
    func breakGlassHint(in environment: EnvironmentName) -> String {
      "What cannot wait: \(command(in: environment)) --break-glass --reason WHY"
    }
  }

  package init(
    _ configuration: ResolvedConfiguration, policy: Policy, proofs: [BuildProof] = [],
    spending: Spending? = nil, deployment: Deployment? = nil
  ) {
    self.configuration = configuration
    self.policy = policy
    self.proofs = proofs
    self.spending = spending
    self.deployment = deployment
  }

  var place: Place { configuration.place }

  /// The answer on one state, at one moment: pure.
  func judgement(on state: LedgerState, at now: Timestamp) -> PolicyJudgement {
    let plan = deployment.map { deployment in
      ReviewedPlan(
        of: deployment.build, promoting: deployment.promotes, with: configuration, by: policy,
        on: state)
    }
    return PolicyJudgement(
      of: configuration, by: policy, adopted: state.policies.adopted?.policy, proofs: proofs,
      spending: spending, at: now, plan: plan?.digest,
      review: plan.flatMap { review(of: $0.digest, on: state, at: now) },
      breakGlass: deployment?.breaksGlass == true ? control.breakGlass : nil)
  }

  private var control: ChangeControl { policy.control(of: configuration.environment.name) }

  private func review(
    of plan: ContentDigest, on state: LedgerState, at now: Timestamp
  ) -> PlanReview? {
    guard let deployment, let rule = control.approvals else { return nil }
    return PlanReview(
      of: plan, in: place, by: rule, state.approvals, state.grants, state.keys,
      people: PlanPeople(of: deployment.build, in: place, by: deployment.deployer, on: state),
      at: now)
  }
}

extension PlanPeople {
  /// Of a plan on one state, if `deployer` deployed it.
  package init(
    of build: ContentDigest, in place: Place, by deployer: ActorID, on state: LedgerState
  ) {
    self.init(
      of: state.builds[build], in: place, by: deployer, state.configurations, state.running)
  }

  init(
    of build: Builds.Build?, in place: Place, by deployer: ActorID,
    _ configurations: Configurations, _ running: RunningReleases
  ) {
    let version = running.running(in: place)?.configurationVersion ?? 0
    self.init(
      build: build, configuring: configurations.authors(after: version, in: place),
      deployer: deployer)
  }
}

/// What came out, and where it stands.
struct PolicyVerdict: Sendable {
  /// Nil where the policy asks nothing, and nothing was judged.
  let entry: EntryID?
  let judgement: PolicyJudgement
  /// The version of the stream of adoptions that it was judged on: what rests on it expects that.
  let policies: Int

  /// What an entry that rests on it cites: the verdict, and the approvals that it counts.
  var cited: [EntryID] {
    (entry.map { [$0] } ?? []) + (judgement.review?.approvals.map(\.entry) ?? [])
  }
}

extension Session {
  /// Judges a configuration, the build that is to run with it, the moment, and who has agreed, and
  /// records the verdict, allow or deny, before anything rests on it. Where an earlier policy asked
  /// for people or moments, a verdict says that a later one does not.
  ///
  /// Commit point: the entry with the verdict. A crash after it leaves a verdict on which nothing
  /// rests, which is true all the same.
  ///
  /// - Throws: ``PolicyDenied`` or ``ApprovalMissing`` after the denial was recorded; what
  ///   ``prove(_:in:)`` throws when an approval is not what was signed.
  func judge(
    _ question: PolicyQuestion, after authorization: Authorization
  ) throws -> PolicyVerdict {
    if let deployment = question.deployment, deployment.breaksGlass,
      question.policy.control(of: question.configuration.environment.name).breakGlass == nil
    {
      throw DeploymentError.glassNotBreakable(question.place.environment)
    }
    let state = try state()
    let judgement = question.judgement(on: state, at: time.now())
    guard judgement.asksAnything || state.approvals.control(of: question.place) != nil else {
      return PolicyVerdict(
        entry: nil, judgement: judgement, policies: state.policies.version)
    }
    if let review = judgement.review { try prove(review, in: question.place, state) }
    let counted = judgement.review?.approvals.map(\.entry) ?? []
    let recording = try recordFact(
      EntryDraft([judgement.event], because: [authorization.decision] + counted),
      by: signer(.service))
    guard !judgement.isAllowed else {
      return PolicyVerdict(
        entry: recording.entry, judgement: judgement, policies: state.policies.version)
    }
    guard let review = judgement.review, judgement.breaksNoRule, judgement.freeze == nil,
      judgement.deniedByBudget == nil
    else {
      throw PolicyDenied(judgement: judgement, deployment: question.deployment)
    }
    guard let deployment = question.deployment else {
      preconditionFailure("approvals of nothing that is to run were asked for")
    }
    throw ApprovalMissing(
      place: question.place, review: review, canBreakGlass: judgement.canBreakGlass,
      deployment: deployment)
  }

  /// Reads again what was said of a plan, and the grants of whoever counts.
  private func prove(_ review: PlanReview, in place: Place, _ state: LedgerState) throws {
    guard review.isRequested else { return }
    var grounds = DecisionGrounds(place)
    grounds.plan = review.plan
    try prove(grounds, in: state)
    for approval in review.approvals {
      try prove(DecisionGrounds(nil, actor: approval.actor), in: state)
    }
  }
}
