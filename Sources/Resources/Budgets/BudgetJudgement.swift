import Environments
import Events
import Projections

/// What an environment has cost in a month, held against its budget: pure.
package struct BudgetJudgement: Hashable, Sendable {
  package let environment: KnownEnvironment
  package let budget: Budget
  package let spending: Spending

  package init(of spending: Spending, by budget: Budget, in environment: KnownEnvironment) {
    self.environment = environment
    self.budget = budget
    self.spending = spending
  }

  package enum Verdict: Hashable, Sendable {
    case within
    case exceeded(by: Money)
    /// Nothing new enough is known, or none of it in the budget's currency alone.
    case unknown
  }

  /// What the recorded costs say, whatever follows from it.
  ///
  /// More than the budget is too much, however old that is known. Otherwise costs have to be
  /// known until ``Budget/maxAgeDays`` ago, and all in the budget's currency. An environment cannot
  /// have cost anything before its first deployment, so until then, and as long after it as a bill
  /// may take, there is nothing to know.
  package var verdict: Verdict {
    if let excess, excess.micros > 0 { return .exceeded(by: excess) }
    return isKnown && otherCurrencies.isEmpty ? .within : .unknown
  }

  /// Whether something new may be deployed.
  package var isAllowed: Bool {
    switch verdict {
    case .within: true
    case .exceeded: false
    case .unknown: budget.withoutData == .allow
    }
  }

  /// What the month has cost in the budget's currency; nil where nothing is known of it.
  package var spent: Money? {
    spending.amounts.first { $0.currency == budget.monthly.currency }
  }

  private var excess: Money? {
    spent.map {
      Money(micros: $0.micros - budget.monthly.micros, currency: budget.monthly.currency)
    }
  }

  package var otherCurrencies: [Code] {
    spending.amounts.map(\.currency).filter { $0 != budget.monthly.currency }
  }

  private var isKnown: Bool {
    guard let since = [spending.knownUntil, spending.firstDeployed].compactMap(\.self).max() else {
      return true
    }
    return spending.now.microseconds(since: since)
      <= Int64(budget.maxAgeDays) * 86_400_000_000
  }
}

/// What is known of a month's costs at a moment.
package struct Spending: Hashable, Sendable {
  package let month: CalendarMonth
  package let now: Timestamp
  /// By currency, ascending; empty where nothing is known of the month, which is not nothing.
  package let amounts: [Money]
  /// The end of the newest day with a known cost, in any month; nil where there is none.
  package let knownUntil: Timestamp?
  /// When the environment began to cost anything; nil where nothing was ever deployed.
  package let firstDeployed: Timestamp?

  package init(_ costs: Costs, firstDeployed: Timestamp?, at now: Timestamp) {
    month = CalendarMonth(of: now)
    self.now = now
    amounts = costs.beginning(in: month.start..<month.end).totals
    knownUntil = costs.knownUntil(at: now)
    self.firstDeployed = firstDeployed
  }

  /// As a verdict names it.
  package init(_ spent: PolicyDecided.Spent, firstDeployed: Timestamp?, at now: Timestamp) {
    month = CalendarMonth(of: spent.from)
    self.now = now
    amounts = spent.amounts
    knownUntil = spent.knownUntil
    self.firstDeployed = firstDeployed
  }
}

extension BudgetJudgement: CustomStringConvertible {
  /// Its sentence in a message: the amounts, the time and how old they are.
  package var description: String {
    let limit = "\(Budget.rule(in: environment)): \(spending.month) may cost \(budget.monthly)"
    let amounts = spending.amounts.map(\.description).joined(separator: " and ")
    return "\(limit) and has cost \(amounts.isEmpty ? "nothing that is known" : amounts); "
      + spending.age
  }
}

extension Spending {
  /// How old what is known is: `known until 2026-11-27 00:00Z, 2 days ago`.
  package var age: String {
    guard let knownUntil else { return "no cost is known at all" }
    return "known until \(knownUntil.minutes), \(now.distance(since: knownUntil))"
  }
}

extension Timestamp {
  /// As tables have a day: `2026-11-27 00:00Z`.
  fileprivate var minutes: String {
    String(description.prefix(16)).replacing("T", with: " ") + "Z"
  }

  /// In words: `2 days ago`, `13 h ago`.
  package func distance(since earlier: Timestamp) -> String {
    let hours = max(0, microseconds(since: earlier) / 3_600_000_000)
    return hours < 48 ? "\(hours) h ago" : "\(hours / 24) days ago"
  }
}
