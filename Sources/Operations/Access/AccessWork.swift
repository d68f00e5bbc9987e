import Access
import Events
import LedgerStore
import Projections

/// `stele access grant`, `revoke`, `suspend`, `reinstate` and `review`: an administrator says what
/// somebody may do.
package struct AccessWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// Decides and records: the decision signed by the service, the change by the administrator.
  /// Whatever else was recorded meanwhile only makes it look again.
  ///
  /// Commit point: the entry of the change. A crash before it leaves a decision on which nothing
  /// rests.
  ///
  /// - Returns: Where the change stands.
  /// - Throws: ``AccessDenied`` after the denial was recorded; ``AccessWorkError`` before the
  ///   change was, and before the decision too unless others were faster; `KeyFileError`.
  package func change(
    _ change: AccessChange, for actor: ActorID, on grounds: AccessGrounds
  ) async throws -> Int {
    let administrator = try await session.signer(.administrator)
    try await session.state()
      .check(change, of: actor, by: administrator.actor, at: session.time.now())
    let authorization = try await session.authorize(
      change.action, by: administrator, application: nil, environment: nil)
    let sealed = try await session.seal(grounds.reason, of: administrator)
    let event = try change.event(for: actor, reason: sealed?.sealed, ticket: grounds.ticket)
    return try await session.resting(on: authorization, change.action, by: administrator) {
      session, state, granted in
      try state.check(change, of: actor, by: administrator.actor, at: session.time.now())
      return try session.record(
        EntryDraft([event], resting: granted), by: administrator,
        sealed: sealed.map { [$0] } ?? [],
        versions: [.grant(actor): state.grants.version(of: actor) + 1]
      ).position
    }
  }
}

extension AccessChange {
  var action: Action {
    switch self {
    case .grant: .grantAccess
    case .revoke: .revokeAccess
    case .suspend: .suspendAccess
    case .reinstate: .reinstateAccess
    case .review: .reviewAccess
    case .addIdentity, .removeIdentity: .bindIdentity
    }
  }

  /// Whether whoever it is about administers the ledger no more. Who reviews is somebody else, and
  /// stays.
  fileprivate var takesAdministration: Bool {
    switch self {
    case .grant, .reinstate, .review, .addIdentity, .removeIdentity: false
    case .revoke(let role): role == nil || role == .administrator
    case .suspend(let reaching, _):
      reaching.environments == .all && reaching.applications == .all
    }
  }

  /// - Throws: ``AccessWorkError/rationaleMissing(_:grant:)``.
  func event(
    for actor: ActorID, reason: Sealed?, ticket: Ticket?
  ) throws(AccessWorkError) -> DraftEvent {
    let stream = StreamName.grant(actor)
    switch self {
    case .grant(let role, let reaching, let until):
      return DraftEvent(
        AccessGranted(
          actor: actor, applications: reaching.applications, environments: reaching.environments,
          role: role, until: until, reason: reason, ticket: ticket), in: stream)
    case .revoke(let role):
      return DraftEvent(
        AccessWithdrawn(actor: actor, role: role, reason: reason, ticket: ticket), in: stream)
    case .suspend(let reaching, let until):
      return DraftEvent(
        AccessSuspended(
          actor: actor, applications: reaching.applications, environments: reaching.environments,
          until: until, reason: reason, ticket: ticket), in: stream)
    case .reinstate:
      return DraftEvent(
        AccessReinstated(actor: actor, reason: reason, ticket: ticket), in: stream)
    case .review(let number, let finding):
      guard let reason else { throw .rationaleMissing(actor, grant: number) }
      return DraftEvent(
        AccessReviewed(actor: actor, grant: number, finding: finding, rationale: reason),
        in: stream)
    case .addIdentity(let binding):
      return DraftEvent(
        AccessIdentityAdded(
          actor: actor, issuer: binding.issuer, claims: binding.claims, reason: reason,
          ticket: ticket), in: stream)
    case .removeIdentity(let number):
      return DraftEvent(
        AccessIdentityRemoved(actor: actor, identity: number, reason: reason, ticket: ticket),
        in: stream)
    }
  }
}

extension LedgerState {
  fileprivate func check(
    _ change: AccessChange, of actor: ActorID, by administrator: ActorID, at now: Timestamp
  ) throws(AccessWorkError) {
    if let until = change.until, until <= now { throw .over(until, now: now) }
    if case .addIdentity(let binding) = change {
      return try check(binding)  // Of somebody whom the ledger may not know yet.
    }
    guard knows(actor) else { throw .unknown("\(actor)") }
    switch change {
    case .grant: break
    case .revoke(let role):
      guard grants.of(actor).contains(where: { role == nil || $0.role == role }) else {
        throw .nothingGranted(actor, role)
      }
    case .reinstate:
      guard !grants.suspensions(of: actor).isEmpty else { throw .notSuspended(actor) }
    case .suspend: break
    case .review(let number, _):
      guard grants.of(actor).contains(where: { $0.number == number && $0.counts(at: now) }) else {
        throw .noGrant(actor, number)
      }
      guard actor != administrator else { throw .own(number) }
    case .removeIdentity(let number):
      guard identities.of(actor).contains(where: { $0.number == number }) else {
        throw .noIdentity(actor, number)
      }
    case .addIdentity: break
    }
    guard hasAdministrator(after: change, of: actor, at: now) else {
      throw .lastAdministrator(actor)
    }
  }

  private func check(_ binding: TokenBinding) throws(AccessWorkError) {
    guard identities.issuer(binding.issuer) != nil else {
      throw .issuerUnknown("\(binding.issuer)")
    }
    let same = identities.all.first {
      $0.issuer == binding.issuer && $0.claims == binding.claims
    }
    if let same { throw .boundAlready(same.actor, same.number) }
  }

  /// Whether a key, a grant or an identity is somebody's of this id.
  func knows(_ actor: ActorID) -> Bool { actors.contains(actor) }

  /// Everybody with a key, a grant or an identity.
  var actors: Set<ActorID> {
    Set(keys.all.map(\.owner)).union(grants.actors).union(identities.actors)
  }

  /// Whether somebody with a valid administrator's key may still change access: a ledger in which
  /// nobody can is beyond repair.
  fileprivate func hasAdministrator(
    after change: AccessChange, of actor: ActorID, at now: Timestamp
  ) -> Bool {
    keys.all.contains { key in
      guard key.role == .administrator, key.isValid else { return false }
      let request = AccessRequest(
        .grantAccess, by: key.owner, application: nil, environment: nil)
      let isAllowed = request.decide(grants, at: now).isAllowed
      return isAllowed && (key.owner != actor || !change.takesAdministration)
    }
  }
}
