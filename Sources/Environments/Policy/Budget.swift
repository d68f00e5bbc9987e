import CanonicalJSON
import Events

/// What an environment may cost in a month of UTC: `budget` in `policy.yaml`.
///
///     production:
///       budget: {monthly: 1200.50, currency: EUR, maxAgeDays: 3, withoutData: deny}
package struct Budget: Hashable, Sendable {
  package let monthly: Money
  /// How old the newest day with a known cost may be, before no cost is known.
  package let maxAgeDays: Int
  package let withoutData: MissingCostRule

  package init(monthly: Money, maxAgeDays: Int, withoutData: MissingCostRule) {
    self.monthly = monthly
    self.maxAgeDays = maxAgeDays
    self.withoutData = withoutData
  }

  /// As `policy.decided` has it.
  package func recorded(in environment: KnownEnvironment) -> JSONObject {
    [
      "condition": "atMost", "currency": .string(monthly.currency.rawValue),
      "field": .string(Self.field), "id": .string(Self.rule(in: environment)),
      "maxAgeDays": .integer(Int64(maxAgeDays)), "value": .integer(Int64(monthly.micros)),
      "withoutData": .string(withoutData.rawValue),
    ]
  }

  /// As `policy.decided` names it.
  package static func rule(in environment: KnownEnvironment) -> String { "\(environment)/budget" }
  package static let field = "cost.month.amountMicros"
}

/// What a budget says where it is not known what the month has cost.
package enum MissingCostRule: String, Hashable, Sendable, CaseIterable {
  /// Nothing new is deployed until it is.
  case deny
  /// It may be deployed all the same.
  case allow
}

extension Budget {
  static let fieldNames = "monthly, currency, maxAgeDays and withoutData"

  init?(reading section: SettingSection) {
    let monthly = section.amount("monthly", unit: "the currency's units")
    let currency = section.text("currency", .currency)
    let maxAge = section.whole("maxAgeDays", in: 1...366, orElse: 3)
    let withoutData = section.optionalChoice("withoutData", of: MissingCostRule.self)
    section.refuseOthers()
    guard let monthly, let maxAge, let code = currency.flatMap(Code.init(rawValue:)) else {
      return nil
    }
    self.init(
      monthly: Money(micros: monthly, currency: code), maxAgeDays: maxAge,
      withoutData: withoutData ?? .deny)
  }
}
