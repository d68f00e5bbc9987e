import CanonicalJSON

/// Somebody broke the glass: a deployment began that a freeze or missing approvals would have
/// stopped, and others look at it afterwards.
///
/// Always recorded with the deployment's beginning, whose reason says why.
package struct ReviewOpened: EventPayload {
  package static let kind: EventKind = "review.opened.v1"

  /// Until when somebody else has to have closed it.
  package let due: Timestamp
  /// The rules that were passed over, in the verdict's order: `production/freezeWindows/weekend`.
  package let passed: [MachineWords]

  package init(due: Timestamp, passed: [MachineWords]) {
    self.due = due
    self.passed = passed
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    due = try fields.take("due")
    passed = try fields.take("passed")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("due", due)
    fields.put("passed", passed)
  }
}

/// Whether it was right to break the glass.
package enum ReviewFinding: String, WordValue {
  case justified
  case unjustified
}

/// Somebody else looked at it and says what they think.
package struct ReviewClosed: EventPayload {
  package static let kind: EventKind = "review.closed.v1"

  package let finding: ReviewFinding
  /// The version of ``ReviewOpened`` in this stream.
  package let number: Int
  package let rationale: Sealed

  package init(number: Int, finding: ReviewFinding, rationale: Sealed) {
    self.finding = finding
    self.number = number
    self.rationale = rationale
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    finding = try fields.take("finding")
    number = try fields.take("number", in: FieldRange.fromOne)
    rationale = try fields.take("rationale")
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("finding", finding)
    fields.put("number", number)
    fields.put("rationale", rationale)
  }
}

/// Everything that can happen to a review.
package enum ReviewEvent: Hashable, Sendable {
  case opened(ReviewOpened)
  case closed(ReviewClosed)
}
