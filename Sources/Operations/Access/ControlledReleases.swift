import Access
import CanonicalJSON
import Environments
import Events
import Projections

/// Whether each release was let in by the policy of its time: with a configuration that keeps its
/// rules, outside its freeze windows, and with the approvals that it asked for, counted again.
///
/// What the policy asked is in the verdict that the release cites. A release that cites none is
/// named where an earlier verdict of its place asked for people or moments.
struct ControlledReleases {
  private var approvals = Approvals()
  private var builds = Builds()
  private var keys = Keys()
  private var reviews = Reviews()
  private var policies = Policies()
  private var applied = Configurations()
  private var running = RunningReleases()
  /// All that ever were: a verdict may be of the moment before another was.
  private var everAdopted: Set<ContentDigest> = []
  private var configurations: [Place: [Int: ContentDigest]] = [:]
  private var verdicts: [EntryID: Verdict] = [:]
  /// Leave to deploy, which verdicts cite: what had been recorded by then is what they are of.
  private var leaves: [EntryID: Leave] = [:]
  /// Where somebody's access was changed last.
  private var accessChanged = -1
  private var judged = JudgedConfigurations()
  private var costs = JudgedCosts()

  private struct Leave {
    let actor: ActorID
    let position: Int
  }

  private struct Verdict {
    let content: PolicyDecided
    let place: Place?
    let position: Int
    let asked: AskedOfChange
  }

  /// - Parameter moments: One of which it may have been decided at.
  /// - Returns: What is wrong with it, each as a clause.
  mutating func take(
    _ event: Recorded, of events: [Recorded], _ header: EntryHeader, _ moments: [Timestamp],
    _ grants: Grants, _ claims: ReleaseClaims
  ) -> [String] {
    defer { apply(event) }
    var complaints = complaints(about: event, of: events, header, moments, grants, claims)
    if case .policy(.decided(let decided)) = event.event, let place = Place(event) {
      complaints += costs.complaints(about: decided, in: place, at: moments)
    }
    return complaints
  }

  private mutating func apply(_ recorded: Recorded) {
    approvals.apply(recorded)
    builds.apply(recorded)
    keys.apply(recorded)
    reviews.apply(recorded)
    policies.apply(recorded)
    applied.apply(recorded)
    running.apply(recorded)
    costs.apply(recorded)
    switch recorded.event {
    case .configuration(let applied):
      judged.learn(applied)
      if let place = Place(recorded) {
        configurations[place, default: [:]][recorded.version] = applied.digest
      }
    case .access(.decided(let decided)):
      guard decided.action == Action.startDeployment.code else { return }
      leaves[recorded.entry] = Leave(actor: decided.actor, position: recorded.position)
    case .access: accessChanged = recorded.position
    case .policy(.adopted(let adopted)): everAdopted.insert(adopted.policy)
    case .policy(.decided(let content)):
      guard let asked = try? AskedOfChange(content.rules) else { return }
      verdicts[recorded.entry] = Verdict(
        content: content, place: Place(recorded), position: recorded.position, asked: asked)
    case .ledger, .key, .approval, .build, .release, .deployment, .health, .replica, .router,
      .lease,
      .usage, .cost, .retention, .privacy, .review, .secret, .drift, .sync,
      .unknown, .unreadable:
      break  // Says nothing of what a policy asked.
    }
  }

  private func complaints(
    about event: Recorded, of events: [Recorded], _ header: EntryHeader, _ moments: [Timestamp],
    _ grants: Grants, _ claims: ReleaseClaims
  ) -> [String] {
    switch event.event {
    case .policy(.decided(let decided)):
      complaints(about: decided, at: moments) + complaints(aboutAdoptionIn: decided)
        + complaints(aboutDenialIn: decided, event, header, moments, grants, claims)
        + (Place(event).map { judged.complaints(about: decided, in: $0.environment) } ?? [])
    case .approval(.requested(let requested)): complaints(about: requested)
    case .release(let started):
      Place(event).map {
        complaints(about: started, event, of: events, in: $0, header, moments, grants)
          + unproven(by: started, in: $0, header, claims)
      } ?? []
    case .review(.closed(let closed)): complaint(about: closed, event).map { [$0] } ?? []
    case .ledger, .key, .access, .approval, .policy(.adopted), .build, .configuration,
      .deployment, .health, .replica, .router, .lease, .usage, .cost, .retention, .privacy,
      .review(.opened), .secret,
      .drift, .sync,
      .unknown, .unreadable:
      []
    }
  }
}

extension ControlledReleases {
  /// Decides again what the verdict says of its moment.
  private func complaints(about decided: PolicyDecided, at moments: [Timestamp]) -> [String] {
    let asked: AskedOfChange
    do throws(FormFault) { asked = try AskedOfChange(decided.rules) } catch {
      return ["has a rule that cannot be read: \(error)"]
    }
    let open = moments.map { moment in
      Set(Freeze(of: asked.windows, at: moment)?.windows.map(\.rule.id) ?? [])
    }
    let ids = Set(asked.windows.map(\.id))
    let named = Set(decided.violations.map(\.rule) + (decided.passed ?? [])).intersection(ids)
    return open.contains(named)
      ? [] : ["names other freeze windows as open than were open at its moment"]
  }

  /// Decides again whether its policy was the adopted one.
  private func complaints(aboutAdoptionIn decided: PolicyDecided) -> [String] {
    let rule = decided.rules.first { $0["id"] == .string(AdoptionRule.id.text) }
    let isBroken = decided.violations.contains { $0.rule == AdoptionRule.id }
    guard let rule else {
      return isBroken ? ["says that nothing is adopted, and denies by it"] : []
    }
    guard let text = rule["value"]?.stringValue, let adopted = ContentDigest(dataText: text),
      everAdopted.contains(adopted)
    else { return ["holds its policy against one that nobody has adopted"] }
    return isBroken == (adopted != decided.policy)
      ? [] : ["says otherwise whether its policy was adopted than its rules do"]
  }

  /// Only the adopted policy lets anything in.
  private func complaints(about verdict: Verdict) -> [String] {
    guard let adopted = policies.adopted, verdict.content.policy != adopted.policy else {
      return []
    }
    return [
      "was let in by policy \(verdict.content.policy.shortText), and "
        + "\(adopted.policy.shortText) was adopted at position \(adopted.position)"
    ]
  }

  /// Decides again what a verdict denies for want of, where it was there when leave was given to
  /// deploy: what came after that it may not have seen.
  private func complaints(
    aboutDenialIn decided: PolicyDecided, _ event: Recorded, _ header: EntryHeader,
    _ moments: [Timestamp], _ grants: Grants, _ claims: ReleaseClaims
  ) -> [String] {
    guard let place = Place(event),
      let leave = header.because.lazy.compactMap({ leaves[$0] }).first
    else { return [] }
    return decided.violations.compactMap { violation in
      let rule = decided.rules.first { $0["id"] == .string(violation.rule.text) }
      switch rule?["condition"]?.stringValue {
      case PromotionRule.condition:
        return unfounded(violation, in: decided, place, by: leave, claims)
      case ApprovalRule.condition.rawValue:
        return unfounded(decided, in: place, by: leave, moments, grants)
      default: return nil
      }
    }
  }

  private func unfounded(
    _ violation: PolicyDecided.Violation, in decided: PolicyDecided, _ place: Place,
    by leave: Leave, _ claims: ReleaseClaims
  ) -> String? {
    guard let build = violation.found.flatMap({ ContentDigest(dataText: $0.text) }) else {
      return nil
    }
    let served = decided.provenIn.map { claims.served(build, in: Place(place.application, $0)) }
    return !served.isEmpty && served.allSatisfy { $0.map { $0 < leave.position } ?? false }
      ? "denies build \(build.shortText) as never having run healthy, and it had" : nil
  }

  private func unfounded(
    _ decided: PolicyDecided, in place: Place, by leave: Leave, _ moments: [Timestamp],
    _ grants: Grants
  ) -> String? {
    guard accessChanged < leave.position, let plan = decided.plan,
      let rule = try? AskedOfChange(decided.rules).approvals,
      let review = approvals.review(of: plan, in: place), let build = builds[review.plan.build],
      build.authors.positions.allSatisfy({ $0 < leave.position })
    else { return nil }
    let people = PlanPeople(of: build, in: place, by: leave.actor, applied, running)
    let isApproved = moments.allSatisfy { moment in
      let review = PlanReview(
        of: plan, in: place, by: rule, approvals, grants, keys, people: people, at: moment)
      return review.isApproved && review.approvals.allSatisfy { $0.position < leave.position }
    }
    return isApproved ? "denies for want of approvals that were there" : nil
  }

  private func complaints(about requested: ApprovalRequested) -> [String] {
    guard requested.plan.digest == requested.digest,
      requested.plan.configuration == ContentDigest(of: .object(requested.configuration))
    else { return ["asks for approvals of another plan than it shows"] }
    return []
  }

  /// Nobody says of themselves that it was right.
  private func complaint(about closed: ReviewClosed, _ event: Recorded) -> String? {
    guard let place = Place(event), let review = reviews.review(closed.number, in: place) else {
      return "closes no review"
    }
    return review.actor == event.actor ? "closes a review of their own" : nil
  }

  private func complaints(
    about started: ReleaseStarted, _ event: Recorded, of events: [Recorded], in place: Place,
    _ header: EntryHeader, _ moments: [Timestamp], _ grants: Grants
  ) -> [String] {
    guard started.cause != .rollback else { return [] }
    let control = approvals.control(of: place)
    let opened = events.lazy.compactMap(\.openedReview).first
    let cited = header.because.lazy.compactMap { verdicts[$0] }.first { $0.place == place }
    guard let verdict = cited else {
      if opened != nil { return ["breaks the glass without a verdict of the policy"] }
      if let adopted = policies.adopted {
        return ["cites no verdict, and a policy was adopted at position \(adopted.position)"]
      }
      return control.map { ["cites no verdict, and the policy of entry \($0) controls changes"] }
        ?? []
    }
    guard verdict.content.decision == .allow else { return ["rests on a denial of the policy"] }
    let misjudged =
      judged.complaint(about: verdict.content, in: place.environment)
      .map { [$0] } ?? []
    let isControlled = !verdict.asked.windows.isEmpty || verdict.asked.approvals != nil
    if let control, !isControlled, control > verdict.position {
      return ["cites a verdict from before the policy of entry \(control) controlled changes"]
    }
    let broken = complaint(about: opened, by: verdict, header).map { [$0] } ?? []
    return complaints(about: verdict) + misjudged + broken
      + complaints(about: started, event, in: place, verdict, moments, grants)
  }

  /// Where its build has to have served, and has not.
  private func unproven(
    by started: ReleaseStarted, in place: Place, _ header: EntryHeader, _ claims: ReleaseClaims
  ) -> [String] {
    let cited = header.because.lazy.compactMap { verdicts[$0] }.first { $0.place == place }
    guard started.cause == .deployment, let cited, let build = started.build else { return [] }
    return cited.content.provenIn
      .filter { claims.served(build, in: Place(place.application, $0)) == nil }
      .map { "runs build \(build.shortText), which never ran healthy in \($0)" }
  }

  /// What is passed over is looked at afterwards, by when the policy says.
  private func complaint(
    about opened: ReviewOpened?, by verdict: Verdict, _ header: EntryHeader
  ) -> String? {
    guard verdict.content.passed != nil || opened != nil else { return nil }
    guard let opened, let rule = verdict.asked.breakGlass, opened.passed == verdict.content.passed
    else { return "passes over other rules than its review and the policy's verdict say" }
    let latest = header.at.adding(milliseconds: rule.minutes * 60_000)
    return opened.due <= latest ? nil : "has its review later than \(rule.id) wants it"
  }

  private func complaints(
    about started: ReleaseStarted, _ event: Recorded, in place: Place, _ verdict: Verdict,
    _ moments: [Timestamp], _ grants: Grants
  ) -> [String] {
    var complaints: [String] = []
    let passed = Set(verdict.content.passed ?? [])
    let windows = verdict.asked.windows.filter { !passed.contains($0.id) }
    let freezes = moments.map { Freeze(of: windows, at: $0) }
    if !freezes.contains(nil), let window = freezes.first??.windows.first {
      complaints.append("began while \(window.rule.id) was open")
    }
    let configuration = started.configuration.flatMap { configurations[place]?[$0] }
    if let configuration, configuration != verdict.content.configuration {
      complaints.append("runs with another configuration than the policy's verdict is about")
    }
    guard started.cause == .deployment, let build = started.build,
      let rule = verdict.asked.approvals, !passed.contains(rule.id)
    else { return complaints }
    let plan = ReviewedPlan(
      action: ReviewedPlan.deployment, application: place.application,
      environment: place.environment, base: event.version - 1, build: build,
      configuration: configuration ?? verdict.content.configuration,
      policy: verdict.content.policy, promotes: started.promotes)
    let people = PlanPeople(
      of: builds[build], in: place, by: event.actingFor, applied, running)
    let reviews = moments.map {
      PlanReview(
        of: plan.digest, in: place, by: rule, approvals, grants, keys, people: people, at: $0)
    }
    if let review = reviews.first, !reviews.contains(where: \.isApproved) {
      complaints.append(review.complaint)
    }
    return complaints
  }
}

extension Recorded {
  fileprivate var openedReview: ReviewOpened? {
    if case .review(.opened(let opened)) = event { opened } else { nil }
  }
}

extension PlanReview {
  /// Why it is not approved, as a clause after what began all the same.
  fileprivate var complaint: String {
    if isDeployedByAuthor { return "was deployed by its author, against \(rule.id)" }
    if isAuthorUnknown { return "began though nobody says who wrote it, against \(rule.id)" }
    if let rejection = rejections.first {
      return "began though \(rejection.actor) rejected its plan"
    }
    let others = ineligible.map { ", \($0.approval.actor) not counted (\($0.reason.rawValue))" }
    return "began with \(approvals.count) of \(rule.quorum) approvals of its plan"
      + others.joined()
  }
}
