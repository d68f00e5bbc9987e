import Access
import Cryptography
import Environments
import Events
import LedgerStore
import Platforms
import Projections
import Resources
import Rollouts

/// What somebody wants to run in an environment, decided before anything is recorded.
package struct DeploymentWish: Sendable {
  package let configuration: ResolvedConfiguration
  /// What the configuration is held against; a rollback restores what was judged in its time.
  package let policy: Policy
  package let build: ContentDigest
  package let cause: ReleaseCause
  /// The release that a rollback restores.
  package let restores: Int?
  /// The release of another environment whose build this brings on.
  package let promotes: ReleasePromotion?
  package let change: CapturedChange?
  /// The person's own words; sealed.
  package let reason: String?
  /// Whether freezes and missing approvals are passed over, and looked at afterwards.
  package let breaksGlass: Bool

  package init(
    configuration: ResolvedConfiguration, policy: Policy, build: ContentDigest, cause: ReleaseCause,
    restores: Int? = nil, promotes: ReleasePromotion? = nil, change: CapturedChange? = nil,
    reason: String? = nil, breaksGlass: Bool = false
  ) {
    self.configuration = configuration
    self.policy = policy
    self.build = build
    self.cause = cause
    self.restores = restores
    self.promotes = promotes
    self.change = change
    self.reason = reason
    self.breaksGlass = breaksGlass
  }

  var place: Place { configuration.place }
  var action: Action {
    if breaksGlass { return .breakGlass }
    return cause == .rollback ? .rollBack : .startDeployment
  }

  /// What its policy is asked; nil for a rollback, which restores what was judged in its time.
  func question(
    by person: Signer, proofs: [BuildProof], spending: Spending?
  ) -> PolicyQuestion? {
    guard cause != .rollback else { return nil }
    return PolicyQuestion(
      configuration, policy: policy, proofs: proofs, spending: spending,
      deployment: .init(
        build: build, promotes: promotes, deployer: person.actor, breaksGlass: breaksGlass))
  }
}

/// `stele deploy`: starts a release in an environment and drives its rollout to the end.
package struct DeployWork: Sendable {
  private let session: Session
  private let runtimes: any RuntimeProvider

  package init(_ session: Session, runtimes: any RuntimeProvider) {
    self.session = session
    self.runtimes = runtimes
  }

  /// Decides, records the plan, and drives it.
  ///
  /// Commit point of the release: the entry with `deployment.started`. Before it nothing has
  /// changed; after it the environment is this deployment's until the lease ends, and a crash
  /// leaves an open deployment that `stele recover` finishes.
  ///
  /// - Parameters:
  ///   - authorization: Of the wish's action; nil to ask for it here, before anything is looked at.
  ///   - observer: Told how the rollout is going whenever something happened.
  /// - Throws: ``AccessDenied``, ``PolicyDenied``, ``ApprovalMissing``, ``DeploymentError``,
  ///   `ArtifactError`, `PlatformError`, `RouterError`, and what ``Session/prove(_:in:)`` throws,
  ///   before the commit point; ``LeaseLost`` and what made recording impossible after.
  package func deploy(
    _ wish: DeploymentWish, by person: Signer, resting authorization: Authorization? = nil,
    started: @Sendable (DeploymentID, Int) -> Void = { _, _ in },
    observer: @escaping @Sendable (RolloutProgress) -> Void
  ) async throws -> DeploymentEnd {
    let authorization =
      if let authorization { authorization } else {
        try await session.authorize(wish.action, by: person, in: wish.place)
      }
    try await check(wish.configuration, for: wish.cause)
    try await check(wish, by: person)
    let proofs = try await proofs(of: wish)
    let question = wish.question(
      by: person, proofs: proofs, spending: try await spending(of: wish))
    let verdict: PolicyVerdict? = try await asking(question, wish, authorization, by: person) {
      guard let question else { return nil }  // What is restored was judged in its time.
      return try await session.judge(question, after: authorization)
    }
    let runtime = try await runtimes.runtime(of: wish.place.environment)
    let id = DeploymentID.make(at: session.time.now(), random: session.random.bytes(10))
    let reason = try await session.seal(wish.reason, of: person)
    let release = try await asking(question, wish, authorization, by: person) {
      try await start(
        wish, id, on: runtime, reason: reason, authorization, question, verdict, by: person)
    }
    started(id, release)
    return try await RolloutRun(
      session: session, runtime: runtime, deployment: id, observer: observer
    ).drive()
  }

  /// Does what may find approvals missing, and asks for them where nobody has.
  private func asking<Result: Sendable>(
    _ question: PolicyQuestion?, _ wish: DeploymentWish, _ authorization: Authorization,
    by person: Signer, _ work: () async throws -> Result
  ) async throws -> Result {
    do {
      return try await work()
    } catch let missing as ApprovalMissing where missing.canBeAskedFor {
      if let question {
        try await session.request(
          question, reason: wish.reason, resting: authorization, by: person)
      }
      throw missing
    }
  }

  /// Looks at what runs and records the plan made of it; looks again when another deployment has
  /// come and gone in between, whose replicas nobody would know of.
  private func start(
    _ wish: DeploymentWish, _ id: DeploymentID, on runtime: EnvironmentRuntime,
    reason: SealedValue?, _ authorization: Authorization, _ question: PolicyQuestion?,
    _ verdict: PolicyVerdict?, by person: Signer
  ) async throws -> Int {
    while true {
      let latest = try await session.state().deployments.latest(in: wish.place)?.id
      var history: DeploymentHistory?
      if let latest { history = try await session.history(of: latest) }
      let standing = try await StandingRuntime(runtime)
      let release = try await session.start(
        wish, id, standing: standing, after: latest, history, reason: reason, authorization,
        question, verdict, by: person)
      if let release { return release }
    }
  }

  /// What can be seen to be wrong whatever is deployed: before a build is made for it.
  ///
  /// - Throws: ``DeploymentError``; ``SecretsLacking``.
  package func check(
    _ configuration: ResolvedConfiguration, for cause: ReleaseCause
  ) async throws {
    guard configuration.environment.deployment.strategy != .canary else {
      throw DeploymentError.strategyMissing(configuration.place.environment)
    }
    let state = try await session.state()
    try state.checkSole(configuration.place)
    try state.checkFree(configuration.place, for: cause, at: session.time.now())
    let lacking = await runtimes.preflight(configuration, for: cause)
    guard lacking.isEmpty else { throw DeploymentError.preflight(lacking) }
    try await session.checkSecrets(of: configuration, runtimes.sources)
  }

  /// What the month has cost, where a budget asks; restoring what served is never too dear.
  private func spending(of wish: DeploymentWish) async throws -> Spending? {
    guard wish.cause != .rollback else { return nil }
    return try await session.spending(in: wish.place, by: wish.policy)
  }

  /// What the policy asks of the build, each proven to the log. What is restored was judged in its
  /// time.
  private func proofs(of wish: DeploymentWish) async throws -> [BuildProof] {
    guard wish.cause != .rollback else { return [] }
    let state = try await session.state()
    let proofs = BuildProof.all(
      of: wish.build, in: wish.place,
      from: wish.promotes.flatMap { KnownEnvironment($0.environment) }, by: wish.policy, state)
    for proof in proofs where proof.release != nil {
      try await session.prove(proof.grounds(in: wish.place), in: state)
    }
    return proofs
  }

  /// What can be seen to be wrong with the build.
  private func check(_ wish: DeploymentWish, by person: Signer) async throws {
    let state = try await session.state()
    guard let build = state.builds[wish.build] else { throw BuildError.unknown(wish.build) }
    let built = build.components.map(\.name)
    let wanted = wish.configuration.application.components.map(\.name)
    guard Set(built) == Set(wanted) else {
      throw DeploymentError.componentsDiffer(build: built, application: wanted)
    }
    try await session.prove(DecisionGrounds(of: wish, by: person, in: state), in: state)
    _ = try state.runningConfiguration(in: wish.place)?.resolved(in: wish.place.environment)
    try session.workspace.check(build.artifacts, for: wish.place.environment)
  }
}

extension DecisionGrounds {
  fileprivate init(of wish: DeploymentWish, by person: Signer, in state: LedgerState) {
    self.init(wish.place, of: person)
    builds = [wish.build]
    // The configuration is in the entry itself, unless it is the last one again.
    if let latest = state.configurations.latest(in: wish.place) {
      configurations = [latest.version]
    }
    releasesFrom = wish.restores
    addRunning(in: state)
  }
}

extension LedgerState {
  /// What a deployment goes back to where it fails.
  fileprivate func runningConfiguration(in place: Place) -> Configurations.Applied? {
    running.running(in: place).flatMap {
      configurations.version($0.configurationVersion, in: place)
    }
  }

  /// - Throws: ``DeploymentError/occupied(_:by:)`` while another application runs in the place's
  ///   environment, or is being deployed there: its replicas would be taken for this one's.
  func checkSole(_ place: Place) throws(DeploymentError) {
    let other = releases.places.first { other in
      other.environment == place.environment && other.application != place.application
        && (running.running(in: other) != nil || deployments.open(in: other) != nil)
    }
    if let other { throw .occupied(place, by: other.application) }
  }

  /// - Parameter cause: Of what is to begin; nil for a sync. A rollback takes the environment from
  ///   a sync, which writes and does nothing more then.
  /// - Throws: ``DeploymentError/locked(_:_:now:)`` while another deployment holds the place,
  ///   ``DeploymentError/synchronizing(_:_:now:)`` while a sync does,
  ///   ``DeploymentError/unfinished(_:_:)`` when one never came to its end.
  func checkFree(
    _ place: Place, for cause: ReleaseCause? = nil, at now: Timestamp
  ) throws(DeploymentError) {
    if let lease = leases.lease(in: place), lease.isDriven(at: now) {
      // Of a deployment that has ended: what it brought about is brought back.
      let isSync = deployments.byID[lease.deployment]?.isOpen == false
      guard isSync else { throw .locked(place.environment, lease, now: now) }
      guard cause == .rollback else {
        throw .synchronizing(place.environment, lease, now: now)
      }
    }
    if let open = deployments.open(in: place) { throw .unfinished(place.environment, open.id) }
  }
}

extension Session {
  /// Records a deployment's plan, its release number, its lease, and the configuration where it is
  /// a new one, all in one entry: two deployments at once conflict on it, and one of them loses.
  /// Whatever else was decided in the environment meanwhile only makes it look again.
  ///
  /// - Parameters:
  ///   - standing: What ran, and answered, when `latest` was the newest deployment.
  ///   - history: Of that.
  /// - Returns: The release number; nil when there has been another deployment since.
  fileprivate func start(
    _ wish: DeploymentWish, _ id: DeploymentID, standing: StandingRuntime,
    after latest: DeploymentID?, _ history: DeploymentHistory?, reason: SealedValue?,
    _ authorization: Authorization, _ question: PolicyQuestion?, _ verdict: PolicyVerdict?,
    by person: Signer
  ) throws -> Int? {
    var granted = authorization
    var verdict = verdict
    return try deciding { state in
      try state.checkFree(wish.place, for: wish.cause, at: time.now())
      granted = try renew(granted, wish.action, by: person, in: wish.place)
      // Everything from here on is of one state, which the entry's versions hold it to.
      let decided = try self.state()
      try decided.checkSole(wish.place)
      try decided.checkFree(wish.place, for: wish.cause, at: time.now())
      guard decided.deployments.latest(in: wish.place)?.id == latest else { return nil }
      if wish.cause != .rollback {
        try decided.checkFlags(wish.configuration.environment.flags, in: wish.place)
      }
      try prove(DecisionGrounds(of: wish, by: person, in: decided), in: decided)
      if let question, let earlier = verdict,
        !question.judgement(on: decided, at: time.now()).isStill(earlier.judgement)
      {
        // A window has opened, an approval is too old by now, or somebody took theirs back.
        verdict = try judge(question, after: granted)
      }
      let plan = try DeploymentPlanning(
        wish, id, decided, standing: standing, after: history, reason: reason?.sealed,
        owner: person.actor, judgement: verdict?.judgement, now: time.now())
      var expects = granted.expects
      if let verdict { expects[.policies] = verdict.policies }
      if verdict?.judgement.review != nil {
        expects[.approval(wish.place.environment)] =
          decided.approvals.version(of: wish.place.environment)
      }
      if !plan.writesConfiguration { expects[plan.configurationStream] = plan.configurationVersion }
      _ = try record(
        EntryDraft(
          plan.events, expects: expects,
          because: [granted.decision] + (verdict?.cited ?? [])), by: person,
        sealed: reason.map { [$0] } ?? [], versions: plan.versions)
      return plan.release
    }
  }
}
