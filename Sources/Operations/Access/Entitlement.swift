import Access
import CanonicalJSON
import Events
import LedgerStore
import Projections

/// Whether everybody who changed something was entitled to: every decision is decided again from
/// the grants before it, and everything that takes one is held against the decision that it cites.
///
/// Believes only what entries say, in their order; whether the entries are what was signed is for
/// the verification before it.
package struct Entitlement: Sendable {
  /// Decisions that were decided again.
  package private(set) var decisions = 0
  /// Entries that rest on one.
  package private(set) var entries = 0
  package private(set) var findings: [EntitlementFinding] = []

  private var grants = Grants()
  private var identities = Identities()
  private var isFounded = false
  /// Whose key is the program's own.
  private var services: Set<ActorID> = []
  private var decided: [EntryID: Decided] = [:]
  private var claims = ReleaseClaims()
  private var denials = DenialClaims()
  private var deployments = DeploymentClaims()
  private var syncs = SyncClaims()
  private var drifts = DriftClaims()
  private var controlled = ControlledReleases()

  fileprivate struct Decided {
    let content: AccessDecided
    let environment: EnvironmentName?
    let at: Timestamp
    /// Of the person's grants, when it was decided.
    let grantVersion: Int
    /// Whether a token proved whom it is about.
    let isAttested: Bool
  }

  /// Reads all of a ledger but its telemetry, on which nothing that somebody may do rests; of that
  /// only the bills.
  ///
  /// - Throws: `LedgerError` when an entry cannot be read.
  package init(of reader: LedgerReader) throws {
    let kept = KindCatalogue.rules.filter { $0.retention != .telemetry }.map(\.kind)
    var positions: Set<Int> = []
    for kind in kept + [CostImported.kind] {
      positions.formUnion(try reader.positions(matching: EntryFilter(kind: KindSelection(kind))))
    }
    var forOthers = EntryFilter()
    forOthers.isForOthers = true
    positions.formUnion(try reader.positions(matching: forOthers))
    for position in positions.sorted() {
      let (header, events) = try reader.entry(at: position).read()
      take(header, events)
    }
  }
}

extension [Recorded] {
  /// Whether it is what a rollout records that turns back by itself, and nothing besides.
  fileprivate var isWayBack: Bool {
    guard count == 2, case .deployment(.rollbackStarted) = self[0].event,
      case .release(let release) = self[1].event
    else { return false }
    return release.cause == .rollback
  }
}

extension Recorded {
  /// Whether what was decided is what this rests on: for whoever acts, by a token or without. Bills
  /// and scans are recorded by the program, for whoever asks for them.
  fileprivate func rests(on decision: Entitlement.Decided) -> Bool {
    guard decision.isAttested == (behalf != nil) else { return false }
    if case .cost = event, behalf == nil { return true }
    if case .drift = event, behalf == nil { return true }
    return decision.content.actor == actingFor
  }

  /// Whether somebody says of their own grant that it stays.
  fileprivate var reviewsOwn: Bool {
    if case .access(.reviewed(let reviewed)) = event { reviewed.actor == actor } else { false }
  }
}

extension Entitlement {
  private mutating func take(_ header: EntryHeader, _ events: [Recorded]) {
    // Of a ledger's founding there is nothing to decide from, up to its first grant; and a rollback
    // that the rollout decided by itself rests on the deployment that it ends.
    let isProgram = header.behalf == nil && services.contains(header.actor)
    let isFree = !isFounded || isProgram && events.isWayBack
    var takesAny = false
    if let first = events.first, let what = complaint(aboutBehalfOf: header) {
      report(first, header, what)
    }
    for complaint in claims.take(events) { report(complaint.event, header, complaint.what) }
    for event in events {
      for complaint in controlled.take(
        event, of: events, header, moments(of: header), grants, claims)
      {
        report(event, header, complaint)
      }
      let said = [
        RecordedClaims.complaint(about: event),
        deployments.take(event, of: events, isProgram: isProgram),
        syncs.take(event, of: events), drifts.take(event),
      ]
      for case let what? in said { report(event, header, what) }
      if event.reviewsOwn { report(event, header, "is a review of an own grant") }
      let actions = NeededActions.of(event.event, in: events)
      if case .access(.decided(let content)) = event.event {
        decideAgain(content, header, event)
      } else if case .access(.attested(let attested)) = event.event {
        attestAgain(attested, header, event)
      } else if !isFree, !actions.isEmpty {
        takesAny = true
        check(event, header, takes: actions)
      }
    }
    entries += takesAny ? 1 : 0
    for event in events { learn(event) }
  }

  private mutating func learn(_ event: Recorded) {
    if case .key(.registered(let key)) = event.event, key.role == .service {
      services.insert(key.owner)
    }
    if case .access(.granted) = event.event { isFounded = true }
    denials.learn(event)
    grants.apply(event)
    identities.apply(event)
  }

  /// Whoever signs for somebody else is the program, and has seen a token that proves them.
  private func complaint(aboutBehalfOf header: EntryHeader) -> String? {
    guard let behalf = header.behalf else { return nil }
    guard services.contains(header.actor) else {
      return "is signed for \(behalf.actor) by a key that is not the service's"
    }
    do throws(AttestationFault) {
      try identities.check(behalf, at: header.at)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private mutating func attestAgain(
    _ attested: AccessAttested, _ header: EntryHeader, _ event: Recorded
  ) {
    var fault: AttestationFault?
    for moment in moments(of: header) {
      do throws(AttestationFault) { return try identities.check(attested, at: moment) } catch {
        fault = error
      }
    }
    if let fault { report(event, header, "\(fault)") }
  }

  private mutating func decideAgain(
    _ content: AccessDecided, _ header: EntryHeader, _ event: Recorded
  ) {
    decisions += 1
    let expected = header.expects[.grant(content.actor)]
    if let what = denials.take(content, event, namesGrants: expected != nil) {
      report(event, header, what)
    }
    guard let version = expected else { return }  // Nothing rests on it.
    guard let action = Action(rawValue: content.action.rawValue) else {
      return report(event, header, "decides about \(content.action), which is no action")
    }
    if let behalf = header.behalf, behalf.actor != content.actor {
      report(event, header, "decides for \(content.actor) by a token of \(behalf.actor)")
    }
    let request = AccessRequest(
      action, by: content.actor, application: content.application, environment: event.environment,
      isAttested: header.behalf != nil)
    if !moments(of: header).contains(where: {
      content.isAnswered(by: request.decide(grants, at: $0))
    }) {
      let now = request.decide(grants, at: header.at)
      let reasons = now.reasons.map(\.rawValue).joined(separator: ", ")
      report(
        event, header,
        "\(content.decision == .allow ? "allows" : "denies") \(content.action) to "
          + "\(content.actor), and the grants "
          + "before it \(now.verdict.rawValue): \(reasons)")
    }
    decided[header.entry] = Decided(
      content: content, environment: event.environment, at: header.at,
      grantVersion: version, isAttested: header.behalf != nil)
  }

  /// A decision is made before it is signed, and what rests on it later: within what the format
  /// lets clocks differ, a grant that has just ended still counts.
  private func moments(of header: EntryHeader, after decision: Timestamp? = nil) -> [Timestamp] {
    let before = header.at.adding(milliseconds: -Self.graceMs)
    return [header.at, max(before, decision ?? before)]
  }

  private static let graceMs = 15 * 60_000

  private mutating func check(_ event: Recorded, _ header: EntryHeader, takes actions: [Action]) {
    let cited = header.because.compactMap { decided[$0] }
    guard let decision = cited.first(where: event.rests(on:)) else {
      return report(
        event, header,
        cited.isEmpty
          ? "rests on no decision"
          : "rests on what was decided for \(cited[0].content.actor)"
            + (cited[0].isAttested ? " by a token" : ""))
    }
    let content = decision.content
    guard content.decision == .allow else {
      return report(event, header, "rests on a denial of \(content.action)")
    }
    guard let action = actions.first(where: { $0.code == content.action }) else {
      return report(event, header, "rests on a decision about \(content.action)")
    }
    guard decision.environment == event.environment else {
      return report(
        event, header, "rests on a decision about \(decision.environment?.rawValue ?? "none")")
    }
    guard content.application == event.concernedApplication else {
      return report(
        event, header, "rests on a decision about \(content.application?.rawValue ?? "none")")
    }
    guard grants.version(of: content.actor) == decision.grantVersion else {
      return report(event, header, "rests on a decision from before the grants changed")
    }
    let request = AccessRequest(
      action, by: content.actor, application: event.concernedApplication,
      environment: event.environment, isAttested: header.behalf != nil)
    let isStill = moments(of: header, after: decision.at).contains {
      request.decide(grants, at: $0).isAllowed
    }
    if !isStill { report(event, header, "is covered by no grant") }
  }

  private mutating func report(_ event: Recorded, _ header: EntryHeader, _ what: String) {
    findings.append(
      EntitlementFinding(
        position: event.position, actor: event.actingFor, kind: header.kind(ofEvent: event.index),
        what: what))
  }
}

extension AccessDecided {
  fileprivate func isAnswered(by answer: AccessDecision) -> Bool {
    decision == answer.verdict && reasons == answer.reasons.map(\.code)
  }
}

extension Recorded {
  /// Approvals of all applications stand in their environment's one stream, and name theirs inside.
  fileprivate var concernedApplication: ApplicationName? {
    switch event {
    case .approval(.requested(let requested)): requested.plan.application
    case .approval(.given(let given)): given.approval.application
    case .approval(.rejected(let rejected)): rejected.approval.application
    case .approval(.withdrawn(let withdrawn)): withdrawn.approval.application
    case .ledger, .key, .access, .policy, .build, .configuration, .release, .deployment, .health,
      .replica, .router, .lease, .usage, .cost, .retention, .privacy, .review, .secret, .drift,
      .sync,
      .unknown,
      .unreadable:
      application
    }
  }
}

extension EntryHeader {
  /// The kind of the event with this index.
  fileprivate func kind(ofEvent index: Int) -> EventKind {
    var end = 0
    for run in events {
      end += run.count
      if index < end { return run.kind }
    }
    preconditionFailure("an entry of \(end) events has none of index \(index)")
  }
}
