import CanonicalJSON
import Environments

/// What two policies differ in; a rule is found by its id, as verdicts name it.
package struct PolicyDifference: Hashable, Sendable {
  package let fields: [ConfigurationDifference]

  /// - Parameters:
  ///   - adopted: As the ledger has it; nil for one that asks nothing.
  ///   - files: Nil where there is no file, which asks nothing either.
  package init(from adopted: JSONObject?, to files: Policy?) {
    self.init(from: adopted, toRecorded: files?.recorded)
  }

  /// Of two as the ledger has them, each nil for one that asks nothing.
  package init(from adopted: JSONObject?, toRecorded other: JSONObject?) {
    let nothing = Policy.none.recorded
    fields = ConfigurationDifference.all(
      from: Self.byID(adopted ?? nothing), to: Self.byID(other ?? nothing))
  }

  /// What each environment is asked, rules and windows under their ids.
  private static func byID(_ policy: JSONObject) -> JSONObject {
    JSONObject(
      policy.map { environment, asked in
        let members = asked.objectValue?.map { key, value in
          (
            key,
            value.arrayValue.map { .object(rules($0)) } ?? value.objectValue.map(terms) ?? value
          )
        }
        return (environment, members.map { .object(JSONObject($0)) } ?? asked)
      })
  }

  private static func rules(_ items: [JSONValue]) -> JSONObject {
    JSONObject(
      items.compactMap { item in
        guard var rule = item.objectValue, let id = rule["id"]?.stringValue else { return nil }
        rule["id"] = nil
        return (id, terms(rule))
      })
  }

  /// What a rule asks: a line for one that is about a field alone, otherwise each of its terms.
  private static func terms(_ rule: JSONObject) -> JSONValue {
    let others = Set(rule.map(\.0)).subtracting(["because", "condition", "field", "value"])
    guard let field = rule["field"]?.stringValue, let condition = rule["condition"]?.stringValue,
      let value = rule["value"], value.objectValue == nil, others.isEmpty
    else { return .object(rule) }
    let wanted = value.stringValue ?? value.description
    let why = rule["because"]?.stringValue.map { ", because \($0)" } ?? ""
    return .string("\(field) \(condition) \(wanted)\(why)")
  }
}
