import Events
import LedgerStore
import Projections

/// Reviews that a broken glass has opened: an open one is told of, a missed deadline is a failure.
struct DoctorReviews: Sendable {
  private let session: Session?
  private let time: any TimeSource

  init(_ session: Session?, time: any TimeSource) {
    self.session = session
    self.time = time
  }

  func findings() async -> [DoctorFinding] {
    guard let session, let state = try? await session.state() else {
      return [
        .unknown(
          .reviews, "reviews", "the ledger does not open", expected: "closed in time",
          next: "stele verify")
      ]
    }
    let open = state.reviews.all.filter { $0.closing == nil }
    guard !open.isEmpty else {
      return [DoctorFinding(.reviews, "reviews", .ok, "none open", expected: "closed in time")]
    }
    return open.map(finding)
  }

  private func finding(_ review: Reviews.Review) -> DoctorFinding {
    let isMissed = review.isMissed(at: time.now())
    return DoctorFinding(
      .reviews, "\(review.place.environment) \(review.number)", isMissed ? .failed : .warning,
      "open, \(isMissed ? "was due" : "due") \(review.due.seconds)", expected: "closed in time",
      next: "stele review close \(review.place.environment) \(review.number) --finding FINDING "
        + "--rationale WHY")
  }
}
