import CanonicalJSON
import Events

extension PolicyRule {
  /// Reads what ``recorded`` wrote.
  ///
  /// - Returns: Nil for what asks nothing of a configuration: people, moments, proofs, money, the
  ///   policy itself.
  /// - Throws: ``RecordedConfigurationError/field(path:expected:)`` for another shape, and for a
  ///   condition that nobody here could decide.
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
    case PromotionRule.condition, FreezeWindow.condition.rawValue, ApprovalRule.condition.rawValue,
      BreakGlassRule.condition.rawValue, AdoptionRule.condition:
      return nil
    default: throw .field(path: "condition", expected: "one that is known here")
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

extension Budget {
  /// Reads what ``recorded(in:)`` wrote, where it is among `rules`.
  ///
  /// - Throws: ``RecordedConfigurationError/field(path:expected:)`` for another shape.
  package init?(among rules: [JSONObject]) throws(RecordedConfigurationError) {
    guard let rule = rules.first(where: { $0["field"]?.stringValue == Self.field }) else {
      return nil
    }
    let section = RecordedSection(rule)
    guard let currency = Code(rawValue: try section.text("currency")) else {
      throw .field(path: "currency", expected: "a currency's code")
    }
    self.init(
      monthly: Money(micros: try section.whole("value"), currency: currency),
      maxAgeDays: try section.whole("maxAgeDays"), withoutData: try section.choice("withoutData"))
  }
}
