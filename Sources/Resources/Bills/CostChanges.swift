import Environments
import Events
import Projections

/// What importing bills would change in one environment: pure.
package struct CostChanges: Hashable, Sendable {
  package let environment: KnownEnvironment
  /// Ascending by day, service and bill.
  package let changes: [Change]
  /// Charges of which the same is recorded already.
  package let unchanged: Int

  /// One statement to record.
  package struct Change: Hashable, Sendable {
    package let charge: Costs.Charge
    /// What is recorded; nil for a new charge.
    package let before: Money?
    package let after: Money
    /// Whether the bill has the charge no more.
    package let isTakenBack: Bool
  }

  /// - Parameters:
  ///   - billed: Of the environment: ``BilledCosts/money(in:)``.
  ///   - days: On which a bill is what the files say, and nothing else.
  ///   - known: What is recorded of the environment.
  package init(
    of billed: [Costs.Charge: Money], on days: Set<BilledCosts.Day>, in currency: Code,
    against known: Costs, environment: KnownEnvironment
  ) {
    self.environment = environment
    let stated = billed.map { charge, money in
      Change(charge: charge, before: known.amounts[charge], after: money, isTakenBack: false)
    }
    let gone = known.amounts.filter { charge, money in
      money.micros != 0 && billed[charge] == nil && days.contains(BilledCosts.Day(of: charge))
    }.map { charge, money in
      Change(
        charge: charge, before: money, after: Money(micros: 0, currency: currency),
        isTakenBack: true)
    }
    changes = (stated.filter { $0.before != $0.after } + gone).sorted()
    unchanged = stated.count { $0.before == $0.after }
  }

  package var added: Int { changes.count { $0.before == nil } }
  package var replaced: Int { changes.count { $0.before != nil && !$0.isTakenBack } }
  package var takenBack: Int { changes.count(where: \.isTakenBack) }

  /// What is recorded and is not what the bills say.
  package var contradictions: [Change] { changes.filter { $0.before != nil } }
}

extension CostChanges.Change: Comparable {
  package static func < (left: Self, right: Self) -> Bool {
    (left.charge.from, left.charge.service.text, left.charge.until, left.charge.bill)
      < (right.charge.from, right.charge.service.text, right.charge.until, right.charge.bill)
  }
}
