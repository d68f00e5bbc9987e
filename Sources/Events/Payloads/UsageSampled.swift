import CanonicalJSON

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
