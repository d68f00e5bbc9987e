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
  /// - Throws: ``AccessDenied`` after the denial was recorded.
  package func authorize(
    _ action: Action, by person: Signer, application: ApplicationName?,
    environment: EnvironmentName?
  ) throws -> Authorization {
    let request = AccessRequest(
      action, by: person.actor, application: application, environment: environment)
    let service = try signer(.service)
    return try deciding { state in
      let decision = request.decide(state.grants, at: time.now())
      let recording = try record(
        EntryDraft(
          [request.event(decision)], expects: state.grants.expectation(of: person.actor)),
        by: service)
      guard decision.isAllowed else { throw AccessDenied(request: request, decision: decision) }
      return Authorization(
        decision: recording.entry,
        expects: state.grants.expectation(of: person.actor).merging([
          .access(environment): state.decisions.tally(of: environment).version + 1
        ]) { _, version in version })
    }
  }

  /// Decides and records on the newest state, again when the ledger moved on in between.
  func deciding<Result>(_ work: (LedgerState) throws -> Result) throws -> Result {
    var attempt = 1
    while true {
      do {
        return try work(state())
      } catch let error as AppendError where error.isConflict && attempt < 5 {
        attempt += 1
      }
    }
  }
}

extension Grants {
  fileprivate func expectation(of actor: ActorID) -> [StreamName: Int] {
    [.grant(actor): version(of: actor)]
  }
}

extension AccessRequest {
  fileprivate func event(_ decision: AccessDecision) -> DraftEvent {
    DraftEvent(
      AccessDecided(
        action: action.code, actor: actor, application: application, decision: decision.verdict,
        reasons: decision.reasons.map(\.code)), in: .access(environment),
      scope: Scope(environment: environment))
  }
}

/// A request that was denied; the denial is in the ledger, and nothing else happened.
package struct AccessDenied: ExitingError, Equatable {
  package let request: AccessRequest
  package let decision: AccessDecision

  package var exitStatus: ExitStatus { .noPermission }

  package var description: String {
    let place = request.environment.map { " in \($0)" } ?? ""
    let reasons = decision.reasons.map(\.rawValue).joined(separator: ", ")
    return """
      Nothing was done: \(request.action.rawValue)\(place) is denied to \(request.actor): \
      \(reasons).
      The denial is recorded. An administrator can grant the role \(request.action.role.rawValue).
      """
  }
}
