import Environments
import Events
import Projections
import Resources

/// Decides again what verdicts say of money: by the budget that stands in the verdict, on the costs
/// that were recorded before it.
struct JudgedCosts {
  private var known: [Place: Known] = [:]
  private var firstDeployed: [Place: Timestamp] = [:]

  /// What is recorded of one place's costs.
  private struct Known {
    var costs = Costs()
    /// When the newest of them were.
    var recorded: Timestamp
    /// What months come to, as far as somebody has asked since.
    var totals: [CalendarMonth: [Money]] = [:]
  }

  mutating func apply(_ event: Recorded) {
    guard let place = Place(event) else { return }
    switch event.event {
    case .cost:
      var costs = known.removeValue(forKey: place)?.costs ?? Costs()
      costs.apply(event)
      known[place] = Known(costs: costs, recorded: event.recorded)
    case .deployment(.started):
      firstDeployed[place] = firstDeployed[place] ?? event.recorded
    case .ledger, .key, .access, .approval, .policy, .build, .configuration, .release,
      .deployment, .health, .replica, .router, .lease, .usage, .retention, .privacy, .review,
      .secret, .drift, .sync, .unknown, .unreadable:
      break  // Costs nothing, and begins nothing that does.
    }
  }

  /// What is wrong with a verdict, each as a clause.
  ///
  /// - Parameter moments: One of which it may have been decided at.
  mutating func complaints(
    about verdict: PolicyDecided, in place: Place, at moments: [Timestamp]
  ) -> [String] {
    guard let environment = KnownEnvironment(place.environment) else { return [] }
    let budget: Budget?
    do throws(RecordedConfigurationError) { budget = try Budget(among: verdict.rules) } catch {
      return ["has a budget that cannot be read: \(error.clause)"]
    }
    guard let budget else { return [] }
    guard let spent = verdict.spent else { return ["has a budget and names no costs"] }
    let id = Budget.rule(in: environment)
    let isDenied = verdict.violations.contains { $0.rule == MachineWords(id) }
    let judged = moments.map { moment in
      BudgetJudgement(
        of: Spending(spent, firstDeployed: firstDeployed[place], at: moment), by: budget,
        in: environment)
    }
    var complaints: [String] = []
    if !judged.contains(where: { $0.isAllowed != isDenied }) {
      complaints.append(
        "says that \(id) is \(isDenied ? "broken" : "kept"), which the costs that it names do not")
    }
    if !moments.contains(where: { spent.isOf(CalendarMonth(of: $0)) }) {
      complaints.append("names the costs of another month")
    } else if !isRecorded(spent, in: place, at: moments) {
      complaints.append("names other costs than were recorded before it")
    }
    return complaints
  }

  /// Whether costs are what was recorded; also where some were while the verdict may have been on
  /// its way.
  private mutating func isRecorded(
    _ spent: PolicyDecided.Spent, in place: Place, at moments: [Timestamp]
  ) -> Bool {
    guard let known = known[place] else { return spent.amounts.isEmpty && spent.knownUntil == nil }
    guard moments.allSatisfy({ known.recorded < $0 }) else { return true }
    let month = CalendarMonth(of: spent.from)
    let totals =
      known.totals[month] ?? known.costs.beginning(in: month.start..<month.end).totals
    self.known[place]?.totals[month] = totals
    guard totals == spent.amounts else { return false }
    guard let until = spent.knownUntil else {
      return moments.contains { known.costs.knownUntil(at: $0) == nil }
    }
    return known.costs.knownUntil(at: until) == until
  }
}

extension PolicyDecided.Spent {
  fileprivate func isOf(_ month: CalendarMonth) -> Bool {
    from == month.start && until == month.end
  }
}
