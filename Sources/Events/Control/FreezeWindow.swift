import CanonicalJSON

/// When an environment is not to be changed: from each moment of a schedule on, for a while.
///
/// In `policy.decided` it is a rule like any other, of the field `time`:
///
///     {"because":…,"condition":"outside","field":"time","id":"production/freezeWindows/weekend",
///      "value":{"cron":"0 16 * * 5","durationMinutes":3840}}
package struct FreezeWindow: Hashable, Sendable {
  /// `production/freezeWindows/weekend`.
  package let id: MachineWords
  package let cron: CronExpression
  /// Minutes, in ``durations``: it is over when they have passed, at that very moment.
  package let durationMinutes: Int
  /// Why, for those who meet it.
  package let because: MachineWords?

  /// A minute to 90 days.
  package static let durations = 1...129_600
  /// The condition that tells it from other rules.
  package static let condition: Code = "outside"
  package static let field: Code = "time"

  package init(
    id: MachineWords, cron: CronExpression, durationMinutes: Int, because: MachineWords? = nil
  ) {
    self.id = id
    self.cron = cron
    self.durationMinutes = durationMinutes
    self.because = because
  }
}

extension FreezeWindow: ObjectValue {
  package init(fields: inout FieldReader) throws(FormFault) {
    because = try fields.takeOptional("because")
    try fields.take("condition", Self.condition)
    try fields.take("field", Self.field)
    id = try fields.take("id")
    let when: When = try fields.take("value")
    cron = when.cron
    durationMinutes = when.durationMinutes
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("because", because)
    fields.put("condition", Self.condition)
    fields.put("field", Self.field)
    fields.put("id", id)
    fields.put("value", When(cron: cron, durationMinutes: durationMinutes))
  }

  private struct When: ObjectValue {
    let cron: CronExpression
    let durationMinutes: Int

    init(cron: CronExpression, durationMinutes: Int) {
      self.cron = cron
      self.durationMinutes = durationMinutes
    }

    init(fields: inout FieldReader) throws(FormFault) {
      cron = try fields.take("cron")
      durationMinutes = try fields.take("durationMinutes", in: FreezeWindow.durations)
    }

    func write(to fields: inout FieldWriter) {
      fields.put("cron", cron)
      fields.put("durationMinutes", durationMinutes)
    }
  }
}

extension FieldReader {
  /// The field `key`, which must be exactly `wanted`.
  mutating func take<Value: TextValue>(_ key: String, _ wanted: Value) throws(FormFault) {
    let found: Value = try take(key)
    guard found == wanted else {
      throw FormFault.field(path: key, expected: wanted.dataText)
    }
  }
}
