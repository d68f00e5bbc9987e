import CanonicalJSON

/// That somebody may pass over freezes and approvals, and until when others look at it.
///
/// Where the glass was broken it is a rule of `policy.decided` like any other, of the field
/// `review`:
///
///     {"condition":"closedWithin","field":"review","id":"production/breakGlass",
///      "value":{"minutes":1440}}
package struct BreakGlassRule: Hashable, Sendable {
  /// `production/breakGlass`.
  package let id: MachineWords
  /// From the deployment's beginning, in ``deadlines``.
  package let minutes: Int

  /// A minute to 90 days.
  package static let deadlines = 1...129_600
  package static let condition: Code = "closedWithin"
  package static let field: Code = "review"

  package init(id: MachineWords, minutes: Int) {
    self.id = id
    self.minutes = minutes
  }
}

extension BreakGlassRule: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    try fields.take("condition", Self.condition)
    try fields.take("field", Self.field)
    id = try fields.take("id")
    let value: [String: Int] = try fields.take("value")
    guard value.count == 1, let minutes = value["minutes"], Self.deadlines.contains(minutes) else {
      throw FormFault.field(path: "value", expected: "minutes in \(Self.deadlines)")
    }
    self.minutes = minutes
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("condition", Self.condition)
    fields.put("field", Self.field)
    fields.put("id", id)
    fields.put("value", ["minutes": minutes])
  }
}
