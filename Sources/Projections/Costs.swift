import Events

/// What one place has cost, as far as bills say: of each the newest statement.
///
/// Folded from the place's own stream when somebody asks, as hardly anybody does: bills are many
/// and the state of the ledger, which every command reads, is to stay small. What retention has
/// pruned is not in it.
package struct Costs: Equatable, Sendable {
  /// What a statement is about.
  package struct Charge: Hashable, Sendable {
    package let bill: ContentDigest
    /// The first day that it covers.
    package let from: Timestamp
    /// The day after the last that it covers.
    package let until: Timestamp
    package let service: MachineWords

    package init(
      bill: ContentDigest, from: Timestamp, until: Timestamp, service: MachineWords
    ) {
      self.bill = bill
      self.from = from
      self.until = until
      self.service = service
    }
  }

  /// The newest statement of each charge.
  package private(set) var amounts: [Charge: Money] = [:]

  package init() {}

  package mutating func apply(_ recorded: Recorded) {
    guard case .cost(let cost) = recorded.event else { return }
    let charge = Charge(
      bill: cost.bill, from: cost.from, until: cost.until, service: cost.service)
    amounts[charge] = cost.amount
  }

  /// Those of charges that begin in a time.
  package func beginning(in time: Range<Timestamp>) -> Costs {
    var costs = Costs()
    costs.amounts = amounts.filter { time.contains($0.key.from) }
    return costs
  }

  package var isEmpty: Bool { amounts.isEmpty }

  /// Months in which a charge begins, ascending.
  package var months: [CalendarMonth] {
    Set(amounts.keys.map { CalendarMonth(of: $0.from) }).sorted()
  }

  /// Services, ascending by their bytes.
  package var services: [MachineWords] {
    Set(amounts.keys.map(\.service)).sorted {
      $0.text.utf8.lexicographicallyPrecedes($1.text.utf8)
    }
  }

  package func of(_ service: MachineWords) -> Costs {
    var costs = Costs()
    costs.amounts = amounts.filter { $0.key.service == service }
    return costs
  }

  /// What all of it comes to, by currency, ascending; empty where nothing is known, which is not
  /// nothing.
  package var totals: [Money] {
    var totals: [Code: Int] = [:]
    for money in amounts.values {
      let (sum, overflow) = totals[money.currency, default: 0]
        .addingReportingOverflow(money.micros)
      totals[money.currency] = overflow ? (money.micros < 0 ? .min : .max) : sum
    }
    let held = -Limits.integerMagnitude...Limits.integerMagnitude
    return totals.sorted { $0.key < $1.key }.map { currency, micros in
      // Beyond what the ledger can write, which every budget is exceeded by.
      Money(
        micros: min(max(micros, held.lowerBound), held.upperBound), currency: currency)
    }
  }

  /// Until when costs are known: the end of the newest day on which a charge begins, and not later
  /// than `now`; nil where nothing is. A charge that is billed ahead says nothing of the days to
  /// come.
  package func knownUntil(at now: Timestamp) -> Timestamp? {
    amounts.keys.lazy.map(\.from).filter { $0 <= now }.max().map { min($0.nextDay, now) }
  }
}
