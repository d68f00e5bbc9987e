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
  private var decided: [EntryID: Decided] = [:]

  private struct Decided {
    let content: AccessDecided
    let environment: EnvironmentName?
    /// Of the person's grants, when it was decided.
    let grantVersion: Int
  }

  /// Reads all of a ledger that concerns access, and nothing else of it.
  ///
  /// - Throws: `LedgerError` when an entry cannot be read.
  package init(of reader: LedgerReader) throws {
    var positions: Set<Int> = []
    for kind in Self.takers.keys + [AccessDecided.kind] {
      positions.formUnion(try reader.positions(matching: EntryFilter(kind: kind)))
    }
    for position in positions.sorted() {
      let (header, events) = try reader.entry(at: position).read()
      take(header, events, at: position)
    }
  }

  /// By kind, the actions of which one has to be allowed to whoever records it.
  private static let takers: [EventKind: [Action]] = [
    BuildRecorded.kind: [.recordBuild],
    ConfigurationApplied.kind: [.applyConfiguration, .startDeployment, .rollBack],
    ReleaseStarted.kind: [.applyConfiguration, .startDeployment, .rollBack],
    DeploymentStarted.kind: [.startDeployment, .rollBack],
    DeploymentAbortRequested.kind: [.recoverDeployment],
    KeyRegistered.kind: [.addKey, .rotateLogKey],
    KeyRevoked.kind: [.revokeKey, .rotateLogKey],
    AccessGranted.kind: [.addKey, .grantAccess],
    AccessWithdrawn.kind: [.revokeAccess],
    AccessSuspended.kind: [.suspendAccess],
    AccessReinstated.kind: [.reinstateAccess],
  ]
}

extension Entitlement {
  private mutating func take(_ header: EntryHeader, _ events: [Recorded], at position: Int) {
    // Of a ledger's founding there is nothing to decide from.
    let isFounding = position == 0 || grants.all.isEmpty
    for event in events {
      if case .access(.decided(let content)) = event.event {
        decideAgain(content, header, event)
      } else if !isFounding, let actions = Self.takers[header.kind(ofEvent: event.index)] {
        check(event, header, takes: actions)
      }
    }
    for event in events { grants.apply(event) }
  }

  private mutating func decideAgain(
    _ content: AccessDecided, _ header: EntryHeader, _ event: Recorded
  ) {
    decisions += 1
    guard let version = header.expects[.grant(content.actor)] else {
      // A count of denials, or one that a copy of the ledger gave: nothing rests on a denial.
      if content.decision == .allow {
        report(event, header, "allows \(content.action) without naming the grants")
      }
      return
    }
    guard let action = Action(rawValue: content.action.rawValue) else { return }
    let request = AccessRequest(
      action, by: content.actor, application: content.application, environment: event.environment)
    if !moments(of: header).contains(where: {
      content.isAnswered(by: request.decide(grants, at: $0))
    }) {
      let now = request.decide(grants, at: header.at)
      let reasons = now.reasons.map(\.rawValue).joined(separator: ", ")
      report(
        event, header,
        "\(content.decision.rawValue)s \(content.action) to \(content.actor), and the grants "
          + "before it \(now.verdict.rawValue): \(reasons)")
    }
    decided[header.entry] = Decided(
      content: content, environment: event.environment, grantVersion: version)
  }

  /// A decision is made a moment before it is signed.
  private func moments(of header: EntryHeader) -> [Timestamp] {
    [header.at, header.at.adding(milliseconds: -1_000)]
  }

  private mutating func check(_ event: Recorded, _ header: EntryHeader, takes actions: [Action]) {
    entries += event.index == 0 ? 1 : 0
    let cited = header.because.compactMap { decided[$0] }
    guard let decision = cited.first(where: { $0.content.actor == event.actor }) else {
      return report(
        event, header,
        cited.isEmpty
          ? "rests on no decision" : "rests on what was decided for \(cited[0].content.actor)")
    }
    let content = decision.content
    guard content.decision == .allow else {
      return report(event, header, "rests on a denial of \(content.action)")
    }
    guard actions.contains(where: { $0.code == content.action }) else {
      return report(event, header, "rests on a decision about \(content.action)")
    }
    guard decision.environment == event.environment || decision.environment == nil else {
      return report(
        event, header, "rests on a decision about \(decision.environment?.rawValue ?? "all")")
    }
    guard grants.version(of: event.actor) == decision.grantVersion else {
      return report(event, header, "rests on a decision from before the grants changed")
    }
  }

  private mutating func report(_ event: Recorded, _ header: EntryHeader, _ what: String) {
    findings.append(
      EntitlementFinding(
        position: event.position, actor: event.actor, kind: header.kind(ofEvent: event.index),
        what: what))
  }
}

/// Somebody was not entitled to what they recorded.
package struct EntitlementFinding: Hashable, Sendable {
  package let position: Int
  package let actor: ActorID
  package let kind: EventKind
  /// What is wrong with it, as a clause.
  package let what: String
}

extension EntitlementFinding: CustomStringConvertible {
  package var description: String { "notEntitled: \(kind) of \(actor) \(what)" }
}

extension AccessDecided {
  fileprivate func isAnswered(by answer: AccessDecision) -> Bool {
    decision == answer.verdict && reasons == answer.reasons.map(\.code)
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
