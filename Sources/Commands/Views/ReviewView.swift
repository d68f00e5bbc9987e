import CanonicalJSON
import Events
import Projections

/// A review as a row and as JSON.
struct ReviewView {
  private let review: Reviews.Review
  private let now: Timestamp

  init(_ review: Reviews.Review, at now: Timestamp) {
    self.review = review
    self.now = now
  }

  /// Open, and its deadline is over.
  var isOverdue: Bool { review.closing == nil && review.isMissed(at: now) }

  private var standing: String {
    guard let closing = review.closing else { return isOverdue ? "overdue" : "open" }
    return closing.finding.rawValue + (review.isMissed(at: now) ? ", late" : "")
  }

  private func add(to table: inout Table) {
    table.add(
      "\(review.place.environment)", "\(review.number)", standing, review.due.seconds,
      review.passed.isEmpty ? "-" : review.passed.map(\.text).joined(separator: ", "),
      "\(review.position)", "\(review.actor)")
  }

  var record: JSONObject {
    var record: JSONObject = [
      "actor": .string("\(review.actor)"), "application": .string("\(review.place.application)"),
      "due": .string("\(review.due)"), "environment": .string("\(review.place.environment)"),
      "missed": .bool(review.isMissed(at: now)), "number": .integer(Int64(review.number)),
      "passed": .array(review.passed.map { .string($0.text) }),
      "position": .integer(Int64(review.position)), "recorded": .string("\(review.recorded)"),
    ]
    guard let closing = review.closing else { return record }
    record["closed"] = [
      "actor": .string("\(closing.actor)"), "finding": .string(closing.finding.rawValue),
      "position": .integer(Int64(closing.position)), "recorded": .string("\(closing.recorded)"),
    ]
    return record
  }

  static func document(_ reviews: [ReviewView]) -> Document {
    var table = Table(
      .init("ENVIRONMENT"), .init("REVIEW", .right), .init("STANDING"), .init("DUE"),
      .init("PASSED OVER", .left, .wraps(comfort: 16)), .init("POSITION", .right, .yields),
      .init("BY", .left, .yields))
    for review in reviews { review.add(to: &table) }
    let records = reviews.map(\.record)
    return Document(
      schema: "stele.review.list", fields: ["reviews": .array(records.map(JSONValue.object))],
      records: records, of: "stele.review",
      text: reviews.isEmpty ? ["nobody broke the glass"] : [.table(table)])
  }
}
