import CanonicalJSON

extension PolicyRule {
  /// Reads what ``recorded`` wrote.
  ///
  /// - Returns: Nil for what asks nothing of a configuration: people, moments, proofs, money.
  /// - Throws: ``RecordedConfigurationError/field(path:expected:)`` for another shape.
  package init?(recorded object: JSONObject) throws(RecordedConfigurationError) {
    let section = RecordedSection(object)
    let field = try section.text("field")
    guard field != Budget.field,
      let condition = try PolicyCondition(recorded: section)
    else { return nil }
    self.init(
      id: try section.text("id"), field: field, condition: condition,
      because: try section.optionalText("because"))
  }
}

extension PolicyCondition {
  /// Nil for a condition that is about no field's value.
  fileprivate init?(recorded section: RecordedSection) throws(RecordedConfigurationError) {
    switch try section.text("condition") {
    case "is": self = .is(try section.text("value"))
    case "atLeast": self = .atLeast(try section.text("value"))
    case "atMost": self = .atMost(try section.text("value"))
    case "oneOf": self = .oneOf(try section.texts("value"))
    case "includes": self = .includes(try section.texts("value"))
    case "within": self = .within(try section.texts("value"))
    default: return nil
    }
  }
}

extension Amounts {
  /// Reads what ``recorded`` wrote.
  ///
  /// - Throws: ``RecordedConfigurationError/field(path:expected:)`` for another shape.
  package init(recorded object: JSONObject) throws(RecordedConfigurationError) {
    let section = RecordedSection(object)
    self.init(
      milliCPU: try section.whole("milliCpu"), memoryBytes: try section.whole("memoryBytes"),
      storageBytes: try section.whole("storageBytes"))
  }
}
