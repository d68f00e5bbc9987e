import Access
import Events
import LedgerStore
import Projections

/// An allowed request, and what an entry that rests on it must cite.
package struct Authorization: Sendable, Equatable {
  package let decision: EntryID
  /// The versions that were decided on.
  package let expects: [StreamName: Int]
}

extension Session {
  /// Decides whether `person` may do this here, and records the decision, allow or deny, before
  /// anything else happens.
  ///
  /// A denial is recorded at once; the same again within its minute is counted, and the count
  /// recorded with the first decision on anything after that minute. A crash loses at most the
  /// count of one minute.
  ///
  /// - Throws: ``AccessDenied`` after the denial was recorded or counted; what
  ///   ``prove(_:in:)`` throws when the person's grants are not what was signed.
  package func authorize(
    _ action: Action, by person: Signer, application: ApplicationName?,
    environment: EnvironmentName?
  ) throws -> Authorization {
    let request = AccessRequest(
      action, by: person, application: application, environment: environment)
    try settleDenials(by: signer(.service))
    let service = try service(for: person)
    return try deciding { state in
      try prove(DecisionGrounds(nil, of: person), in: state)
      try proveWhole()
      let decision = request.decide(state.grants, at: time.now())
      let draft = EntryDraft(
        [request.event(decision)], expects: state.grants.expectation(of: person.actor))
      guard decision.isAllowed else {
        let isCounted = try DenialFile(workspace, keys: keys).add(request, decision, at: time.now())
        {
          _ = try record(draft, by: service)
        }
        throw AccessDenied(request: request, decision: decision, isCounted: isCounted)
      }
      let recording = try record(draft, by: service)
      return Authorization(
        decision: recording.entry,
        expects: state.grants.expectation(of: person.actor).merging([
          .access(environment): state.decisions.tally(of: environment).version + 1
        ]) { _, version in version })
    }
  }

  /// Decides about something in one place.
  package func authorize(
    _ action: Action, by person: Signer, in place: Place
  ) throws -> Authorization {
    try authorize(
      action, by: person, application: place.application, environment: place.environment)
  }

  /// The same answer on a newer state. Nothing is recorded where the grants that it rests on are
  /// the same: of several who start at once, each would otherwise outdate the others for ever.
  ///
  /// - Throws: As ``authorize(_:by:application:environment:)``, which is asked where they are not.
  func renew(
    _ authorization: Authorization, _ action: Action, by person: Signer,
    application: ApplicationName?, environment: EnvironmentName?
  ) throws -> Authorization {
    let state = try state()
    try proveWhole()
    let request = AccessRequest(
      action, by: person, application: application, environment: environment)
    let grants = state.grants.expectation(of: person.actor)
    guard grants.allSatisfy({ authorization.expects[$0.key] == $0.value }),
      request.decide(state.grants, at: time.now()).isAllowed
    else {
      return try authorize(action, by: person, application: application, environment: environment)
    }
    let decisions = state.decisions.tally(of: environment).version
    return Authorization(
      decision: authorization.decision,
      expects: grants.merging([.access(environment): decisions]) { _, version in version })
  }

  /// The same answer about something in one place.
  func renew(
    _ authorization: Authorization, _ action: Action, by person: Signer, in place: Place
  ) throws -> Authorization {
    try renew(
      authorization, action, by: person, application: place.application,
      environment: place.environment)
  }

  /// Records here what the grants of a copy of this ledger have denied: the copy is thrown away.
  func record(_ denied: AccessDenied) throws {
    let service = try signer(.service)
    _ = try DenialFile(workspace, keys: keys).add(denied.request, denied.decision, at: time.now()) {
      _ = try recordFact(EntryDraft([denied.request.event(denied.decision)]), by: service)
    }
  }

  /// Records the counts of denials whose minute is over.
  private func settleDenials(by service: Signer) throws {
    try DenialFile(workspace, keys: keys).settle(at: time.now(), by: service.actor) { events in
      _ = try recordFact(EntryDraft(events), by: service)
    }
  }

  /// How often what rests on a state is decided again when others have been faster.
  private static let decisionsMax = 100

  /// Runs `work` with the decision that it rests on and the newest state, again with the decision
  /// renewed when the ledger moved on in between.
  ///
  /// - Parameter work: Records on that state, and is held to it by the entry's versions.
  func resting<Result: Sendable>(
    on authorization: Authorization, _ action: Action, by person: Signer,
    application: ApplicationName? = nil, environment: EnvironmentName? = nil,
    _ work: @Sendable (isolated Session, LedgerState, Authorization) throws -> Result
  ) throws -> Result {
    var granted = authorization
    return try deciding { _ in
      granted = try renew(
        granted, action, by: person, application: application, environment: environment)
      return try work(self, state(), granted)
    }
  }

  /// Decides and records on the newest state, again when the ledger moved on in between.
  func deciding<Result>(_ work: (LedgerState) throws -> Result) throws -> Result {
    var attempt = 1
    while true {
      do {
        return try work(state())
      } catch let error as AppendError where error.isConflict && attempt < Self.decisionsMax {
        attempt += 1
      }
    }
  }
}

extension Grants {
  /// What an entry that rests on somebody's grants must expect.
  func expectation(of actor: ActorID) -> [StreamName: Int] {
    [.grant(actor): version(of: actor)]
  }
}

extension AccessRequest {
  fileprivate init(
    _ action: Action, by person: Signer, application: ApplicationName?,
    environment: EnvironmentName?
  ) {
    self.init(
      action, by: person.actor, application: application, environment: environment,
      isAttested: person.behalf != nil)
  }

  func decided(_ decision: AccessDecision) -> AccessDecided {
    AccessDecided(
      action: action.code, actor: actor, application: application, decision: decision.verdict,
      reasons: decision.reasons.map(\.code))
  }

  func event(_ decision: AccessDecision) -> DraftEvent {
    DraftEvent(
      decided(decision), in: .access(environment), scope: Scope(environment: environment))
  }
}

/// A request that was denied; the denial is in the ledger or in the count of its minute, and
/// nothing else happened.
package struct AccessDenied: ExitingError, Equatable {
  package let request: AccessRequest
  package let decision: AccessDecision
  /// The same was denied and recorded before in this minute.
  package let isCounted: Bool

  package var exitStatus: ExitStatus { .noPermission }

  package var description: String {
    let place = request.environment.map { " in \($0)" } ?? ""
    let reasons = decision.reasons.map(\.rawValue).joined(separator: ", ")
    let record = isCounted ? "counted with those of this minute" : "recorded"
    return """
      Nothing was done: \(request.action.rawValue)\(place) is denied to \(request.actor): \
      \(reasons).
      The denial is \(record). \(remedy)
      """
  }

  private var remedy: String {
    guard !decision.reasons.contains(.suspended) else {
      return "An administrator can end it: stele access reinstate \(request.actor)"
    }
    guard !decision.reasons.contains(.ownKeyNeeded) else {
      return "No token may do it: somebody who is granted it uses their own key, with --key."
    }
    let role = request.action.roles.first ?? .administrator
    let place = request.environment?.rawValue ?? "all"
    return "An administrator can grant the role: stele access grant \(request.actor) "
      + "--role \(role.rawValue) --environment \(place)"
  }
}
