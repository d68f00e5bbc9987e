import CanonicalJSON

/// An amount that a provider billed, recorded when it became known.
package struct CostImported: EventPayload {
  package static let kind: EventKind = "cost.imported.v1"

  /// Millionths of the currency's unit; negative is a credit.
  package let amountMicros: Int
  package let currency: Code
  /// The first moment that the amount covers.
  package let from: Timestamp
  /// The moment after the last that it covers.
  package let until: Timestamp
  package let service: MachineWords

  package init(
    amountMicros: Int, currency: Code, from: Timestamp, until: Timestamp, service: MachineWords
  ) {
    self.amountMicros = amountMicros
    self.currency = currency
    self.from = from
    self.until = until
    self.service = service
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    amountMicros = try fields.take("amountMicros")
    currency = try fields.take("currency")
    from = try fields.take("from")
    service = try fields.take("service")
    until = try fields.take("until")
    guard from < until else { throw FormFault.field(path: "until", expected: "after \(from)") }
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("amountMicros", amountMicros)
    fields.put("currency", currency)
    fields.put("from", from)
    fields.put("service", service)
    fields.put("until", until)
  }
}

/// What one instance used in a window of time.
package struct UsageSampled: EventPayload {
  package static let kind: EventKind = "usage.sampled.v1"

  package let component: ComponentName
  package let instance: InstanceName
  /// Numbers by name, unit last: `cpuMs`, `memoryBytes`.
  package let numbers: [String: Int]
  package let windowMs: Int

  package init(
    component: ComponentName, instance: InstanceName, numbers: [String: Int], windowMs: Int
  ) {
    self.component = component
    self.instance = instance
    self.numbers = numbers
    self.windowMs = windowMs
  }

  package init(fields: inout FieldReader) throws(FormFault) {
    component = try fields.take("component")
    instance = try fields.take("instance")
    numbers = try fields.take("numbers")
    windowMs = try fields.take("windowMs", in: FieldRange.fromZero)
  }

  package func write(to fields: inout FieldWriter) {
    fields.put("component", component)
    fields.put("instance", instance)
    fields.put("numbers", numbers)
    fields.put("windowMs", windowMs)
  }
}
