import CanonicalJSON
import Environments
import Events
import Projections
import Resources

/// What one environment has cost, as `stele cost` shows it: a row for each month as a whole, then
/// one for each service in it.
struct CostView {
  let rows: [Row]

  var isEmpty: Bool { rows.isEmpty }

  struct Row {
    let environment: KnownEnvironment
    let month: CalendarMonth
    /// Nil for all of them.
    let service: MachineWords?
    /// Nil where nothing is known.
    let spent: Money?
    /// Nil where there is none, or only a part of the month is shown.
    let budget: Money?
    /// Of what the row shows: nil where nothing is known.
    let knownUntil: Timestamp?
    let now: Timestamp
  }

  /// - Parameters:
  ///   - time: In which charges begin.
  ///   - now: What ages are counted from.
  init(
    _ costs: Costs, of environment: KnownEnvironment, in time: Range<Timestamp>,
    at now: Timestamp, budget: Budget?
  ) {
    let shown = costs.beginning(in: time)
    let current = CalendarMonth(of: now)
    // A month that a budget waits for has a row though nothing is known of it.
    let isAwaited = budget != nil && time.contains(current.start) && !shown.months.contains(current)
    let months = (shown.months + (isAwaited ? [current] : [])).sorted()
    rows = months.flatMap { month -> [Row] in
      let all = shown.beginning(in: month.start..<month.end)
      let isWhole = time.lowerBound <= month.start && month.end <= time.upperBound
      let services: [(MachineWords?, Costs)] =
        [(nil, all)] + all.services.map { ($0, all.of($0)) }
      return services.flatMap { service, part -> [Row] in
        // Of a month without any charge the newest one before it says how old the knowledge is.
        let known = (part.isEmpty ? costs : part).knownUntil(at: now)
        let totals: [Money?] = part.isEmpty ? [nil] : part.totals
        return totals.map { spent in
          let isComparable = spent.map { $0.currency == budget?.monthly.currency } ?? true
          return Row(
            environment: environment, month: month, service: service, spent: spent,
            budget: isWhole && isComparable ? budget?.monthly : nil, knownUntil: known, now: now)
        }
      }
    }
  }

  /// Without the rows of whole months, so that amounts can be added up; one that says that nothing
  /// is known stays.
  var records: [JSONObject] {
    rows.filter { $0.service != nil || $0.spent == nil }.map(\.json)
  }
}

extension CostView.Row {
  /// Parts per million of the budget; nil where there is none, or one of nothing.
  private var sharePpm: Int? {
    guard let spent, let budget, budget.micros > 0 else { return nil }
    let share = Int128(spent.micros) * 1_000_000 / Int128(budget.micros)
    return min(Int(clamping: share), Limits.integerMagnitude)
  }

  var spentText: String { spent?.description ?? "no data" }

  /// Rounded up away from nothing, so that what is over 100 % never looks like 100 %.
  var shareText: String {
    guard let share = sharePpm else { return "-" }
    let tenths = share.magnitude / 1_000 + (share.magnitude.isMultiple(of: 1_000) ? 0 : 1)
    return "\(share < 0 ? "-" : "")\(tenths / 10).\(tenths % 10) %"
  }

  var ageText: String {
    guard let knownUntil else { return "never" }
    return "\(knownUntil.seconds.prefix(10)), \(now.distance(since: knownUntil))"
  }

  var json: JSONObject {
    var object: JSONObject = [
      "environment": .string(environment.rawValue), "month": .string("\(month)"),
    ]
    object["budgetMicros"] = budget.map { .integer(Int64($0.micros)) }
    object["currency"] = (spent ?? budget).map { .string($0.currency.rawValue) }
    object["service"] = service.map { .string($0.text) }
    object["sharePpm"] = sharePpm.map { .integer(Int64($0)) }
    object["spentMicros"] = spent.map { .integer(Int64($0.micros)) }
    object["knownUntil"] = knownUntil.map { .string("\($0)") }
    object["ageMs"] = knownUntil.map {
      .integer(max(0, now.microseconds(since: $0)) / 1_000)
    }
    return object
  }
}
