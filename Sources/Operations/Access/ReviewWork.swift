import Access
import Events
import LedgerStore
import Projections

/// `stele review close`: somebody else says whether it was right to break the glass.
package struct ReviewWork: Sendable {
  private let session: Session

  package init(_ session: Session) { self.session = session }

  /// Decides and records.
  ///
  /// Commit point: the entry with `review.closed`. One that others closed meanwhile is not closed
  /// again.
  ///
  /// - Parameters:
  ///   - number: Of the place's reviews, from 1.
  ///   - rationale: The person's own words; sealed.
  /// - Returns: Where it stands, and the review as it is then.
  /// - Throws: ``AccessDenied`` after the denial was recorded; ``ReviewError``; `KeyFileError`.
  package func close(
    _ number: Int, in place: Place, as finding: ReviewFinding, by person: Signer, rationale: String
  ) async throws -> (position: Int, review: Reviews.Review) {
    let authorization = try await session.authorize(.closeReview, by: person, in: place)
    guard let sealed = try await session.seal(rationale, of: person) else {
      throw ReviewError.rationaleMissing(number, place.environment)
    }
    let position = try await session.resting(
      on: authorization, .closeReview, by: person, application: place.application,
      environment: place.environment
    ) { session, state, granted in
      let review = try state.openReview(number, in: place, for: person.actor)
      let event = DraftEvent(
        ReviewClosed(number: number, finding: finding, rationale: sealed.sealed),
        in: .review(place.application, place.environment), scope: place.scope)
      return try session.record(
        EntryDraft(
          [event], expects: granted.expects, because: [granted.decision, review.entry]),
        by: person, sealed: [sealed],
        versions: [
          .review(place.application, place.environment): state.reviews.version(in: place) + 1
        ]
      ).position
    }
    guard let review = try await session.state().reviews.review(number, in: place) else {
      preconditionFailure("review \(number) of \(place) was closed and is not there")
    }
    return (position, review)
  }
}

extension LedgerState {
  fileprivate func openReview(
    _ number: Int, in place: Place, for actor: ActorID
  ) throws(ReviewError) -> Reviews.Review {
    guard let review = reviews.review(number, in: place) else {
      throw .unknown(number, place.environment)
    }
    if let closing = review.closing { throw .closed(number, place.environment, by: closing.actor) }
    guard review.actor != actor else { throw .own(number, place.environment) }
    return review
  }
}

/// Why no review was closed; the ledger is as it was.
package enum ReviewError: ExitingError, Equatable {
  case unknown(Int, EnvironmentName)
  case closed(Int, EnvironmentName, by: ActorID)
  case own(Int, EnvironmentName)
  case rationaleMissing(Int, EnvironmentName)

  package var exitStatus: ExitStatus {
    switch self {
    case .unknown, .closed: .badData
    case .own: .deniedByPolicy
    case .rationaleMissing: .usage
    }
  }

  package var description: String {
    let next = "See the reviews there are with `stele review list`."
    return switch self {
    case .unknown(let number, let environment):
      "Nothing was recorded: \(environment) has no review \(number).\n\(next)"
    case .closed(let number, let environment, let actor):
      """
      Nothing was recorded: \(actor) has closed review \(number) of \(environment) already.
      \(next)
      """
    case .own(let number, let environment):
      """
      Nothing was recorded: you broke the glass of review \(number) of \(environment), and \
      somebody else has to close it.
      \(next)
      """
    case .rationaleMissing(let number, let environment):
      """
      Nothing was recorded: review \(number) of \(environment) is closed with a rationale.
      Say why with --rationale.
      """
    }
  }
}
