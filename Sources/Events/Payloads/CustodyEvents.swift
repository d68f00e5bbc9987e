import CanonicalJSON

/// Bodies of one class, in a range of positions, may be gone from here on.
package struct RetentionApplied: EventPayload {
  package static let kind: EventKind = "retention.applied.v1"

  /// In JSON `class`. Never `permanent`, which the store refuses.
  package let retention: RetentionClass
  /// The first position, which is earlier than this entry.
  package let first: Int
  /// The last position, included.
  package let last: Int

  package init(retention: RetentionClass, first: Int, last: Int) {
    self.retention = retention
    self.first = first
    self.last = last
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    retention = try fields.take("class")
    first = try fields.take("first", in: 0...Limits.entries - 1)
    last = try fields.take("last", in: 0...Limits.entries - 1)
    guard first <= last else {
      throw FormFault.field(path: "last", expected: "\(first) or later")
    }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("class", retention)
    fields.put("first", first)
    fields.put("last", last)
  }
}

/// A person's key was destroyed, in the stream of their id: their sealed values are gone for ever.
package struct PrivacyErased: EventPayload {
  package static let kind: EventKind = "privacy.erased.v1"

  /// `request`, `expiry`; `restored` when the record of it was among entries that were lost.
  package let basis: Code

  package init(basis: Code) { self.basis = basis }

  package init(fields: inout FieldReader) throws(FormFault) {
    basis = try fields.take("basis")
  }

  package func write(to fields: inout FieldWriter) { fields.put("basis", basis) }
}
