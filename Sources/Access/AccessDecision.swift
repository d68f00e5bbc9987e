import Events
import Projections

/// Yes or no, with the reasons that both are recorded with.
package struct AccessDecision: Hashable, Sendable {
  package let verdict: AccessVerdict
  /// At least one.
  package let reasons: [AccessReason]

  package var isAllowed: Bool { verdict == .allow }
}

/// Why access was allowed or denied, as `access.decided` names it.
package enum AccessReason: String, Hashable, Sendable, CaseIterable {
  /// A grant covers it.
  case grant
  case noGrant
  case grantExpired
  case environmentNotGranted
  case applicationNotGranted
  case roleInsufficient
  /// A suspension covers it: it wins over every grant.
  case suspended
  /// It takes a key of one's own, and this was asked with a token.
  case ownKeyNeeded

  package var code: Code { .init(stringLiteral: rawValue) }
}

/// What somebody wants to do, and where.
package struct AccessRequest: Hashable, Sendable {
  package let action: Action
  package let actor: ActorID
  package let application: ApplicationName?
  /// nil for what concerns no environment.
  package let environment: EnvironmentName?
  /// Whether a token proves who asks, instead of a key of theirs.
  package let isAttested: Bool

  package init(
    _ action: Action, by actor: ActorID, application: ApplicationName?,
    environment: EnvironmentName?, isAttested: Bool = false
  ) {
    self.action = action
    self.actor = actor
    self.application = application
    self.environment = environment
    self.isAttested = isAttested
  }
}

extension AccessRequest {
  /// The one function between a command and an append: denied unless a grant says otherwise.
  ///
  /// The same request, grants and moment give the same answer for ever, so a verifier can ask
  /// again. When nothing covers the request, the reason is that of the grant that came nearest.
  package func decide(_ grants: Grants, at now: Timestamp) -> AccessDecision {
    if suspension(among: grants, at: now) != nil {
      return AccessDecision(verdict: .deny, reasons: [.suspended])
    }
    if isAttested, action.needsOwnKey {
      return AccessDecision(verdict: .deny, reasons: [.ownKeyNeeded])
    }
    let misses = grants.of(actor).map { miss(of: $0, at: now) }
    if misses.contains(nil) { return AccessDecision(verdict: .allow, reasons: [.grant]) }
    let nearest = misses.compactMap(\.self).max { $0.nearness < $1.nearness }
    return AccessDecision(verdict: .deny, reasons: [nearest ?? .noGrant])
  }

  /// The suspension that denies it, if any does.
  package func suspension(among grants: Grants, at now: Timestamp) -> Grants.Suspension? {
    grants.suspensions(of: actor).first { suspension in
      suspension.counts(at: now)
        && isReached(application, by: suspension.applications)
        && isReached(environment, by: suspension.environments)
    }
  }

  /// The grant that allows it, suspensions apart, if any does.
  package func grant(among grants: Grants, at now: Timestamp) -> Grants.Grant? {
    grants.of(actor).first { miss(of: $0, at: now) == nil }
  }

  /// Whether a grant or a suspension for these reaches it: what names none is everywhere.
  private func isReached<Tag>(_ name: Name<Tag>?, by reach: Reach<Tag>) -> Bool {
    name.map(reach.covers) ?? (reach == .all)
  }

  /// Why `grant` does not cover the request; nil when it does.
  private func miss(of grant: Grants.Grant, at now: Timestamp) -> AccessReason? {
    if !isReached(application, by: grant.applications) { return .applicationNotGranted }
    guard action.isOfNoEnvironment || isReached(environment, by: grant.environments) else {
      return .environmentNotGranted
    }
    if !action.roles.contains(grant.role) { return .roleInsufficient }
    return grant.counts(at: now) ? nil : .grantExpired
  }
}

extension AccessReason {
  /// How much of a request a grant covered before it failed.
  fileprivate var nearness: Int {
    switch self {
    case .noGrant: 0
    case .applicationNotGranted: 1
    case .environmentNotGranted: 2
    case .roleInsufficient: 3
    case .grantExpired: 4
    case .grant: 5
    case .suspended: 6
    case .ownKeyNeeded: 7
    }
  }
}
