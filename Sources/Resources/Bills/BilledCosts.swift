import Environments
import Events
import Projections

/// What bills come to, by environment, bill, day and service, before it is held against what is
/// recorded.
package struct BilledCosts: Sendable {
  package let currency: Code
  /// Of the files' bytes, one after another.
  package let source: ContentDigest
  /// Charges that were read.
  package let rows: Int
  /// Those of them that correct an earlier bill's.
  package let corrections: Int
  /// All of them, those that are left out too: what the bills say at their end.
  package let total: ExactAmount
  package let amounts: [KnownEnvironment: [Costs.Charge: ExactAmount]]
  /// What belongs to no environment.
  package let leftOut: [CostAssignment.LeftOut: Share]
  /// The days of bills that the files speak of: what they do not have of one is not billed.
  package let days: Set<Day>

  /// Some of the charges.
  package struct Share: Hashable, Sendable {
    package internal(set) var rows: Int
    package internal(set) var amount: ExactAmount
  }

  /// A day on which charges of one bill begin.
  package struct Day: Hashable, Sendable {
    let bill: ContentDigest
    let begin: Timestamp

    package init(of charge: Costs.Charge) {
      bill = charge.bill
      begin = charge.from
    }
  }
}

extension BilledCosts {
  /// What was found in an environment and how it is recorded, by charge.
  ///
  /// - Throws: ``BillError/tooLarge(_:_:)`` for an amount beyond the ledger's integers.
  package func money(
    in environment: KnownEnvironment
  ) throws(BillError) -> [Costs.Charge: Money] {
    var money: [Costs.Charge: Money] = [:]
    for (charge, amount) in amounts[environment] ?? [:] {
      guard let micros = amount.micros else { throw .tooLarge(charge, amount) }
      money[charge] = Money(micros: micros, currency: currency)
    }
    return money
  }
}

/// Why bills were not used, where no single line of them is wrong.
package enum BillError: Error, Equatable {
  case unreadable(file: String, reason: String)
  /// No charge names an environment by the tag; there are other tags.
  case nothingAssigned(rows: Int, tag: String, tags: [String])
  case tooLarge(Costs.Charge, ExactAmount)
}

extension BillError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let file, let reason):
      """
      Nothing was recorded: \(VisibleText.escaped(file)) cannot be read: \(reason).
      Name the file that the provider's bill was exported to as CSV.
      """
    case .nothingAssigned(let rows, let tag, let tags):
      """
      Nothing was recorded: none of the \(rows) charges has a tag \(VisibleText.escaped(tag)) \
      that names an environment; \
      \(tags.isEmpty ? "none has any tag." : "there are \(Self.listed(tags)).")
      Name the tag with --tag, or say --environment where the bill is of one alone.
      """
    case .tooLarge(let charge, let amount):
      """
      Nothing was recorded: \(amount) for \(VisibleText.escaped(charge.service.text)) from \
      \(charge.from) on is beyond ±\(ExactAmount(micros: Limits.integerMagnitude)), what an \
      amount in the ledger can be.
      See whether the bill means it so.
      """
    }
  }

  private static func listed(_ tags: [String]) -> String {
    tags.map { Secrecy.shown($0, at: "") }.joined(separator: ", ")
  }
}
