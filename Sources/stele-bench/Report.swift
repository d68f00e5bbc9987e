import Foundation

/// What is printed at the end: every figure with its limit, its spread and its bar, and where.
struct Report {
  let machine: Machine
  let parameters: [(name: String, value: Int)]
  /// In each of the ledgers of many events an entry.
  let events: [Int]
  /// Of the machine, before the first round and after the last.
  let loads: [Double]
  let figures: [Figure]

  var table: String {
    let rows = figures.map { figure in
      [
        figure.name, text(figure.work, figure), text(figure.limitSpread, figure), figure.limit,
        number(figure), figure.bar.text, figure.isMet ? "met" : "missed",
      ]
    }
    let head = ["work", "measured", "limit", "the limit is", "result", "bar", ""]
    let widths = head.indices.map { column in
      ([head] + rows).map { $0[column].count }.max() ?? 0
    }
    let lines = ([head, widths.map { String(repeating: "-", count: $0) }] + rows).map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ")
    }
    let ledgers = "events " + events.map(String.init).joined(separator: " and ")
    let sizes = ([ledgers] + parameters.map { "\($0.name) \($0.value)" }).joined(separator: ", ")
    let load = loads.map { String(format: "%.1f", $0) }.joined(separator: " before, ")
    return
      (lines + [
        "", machine.text, "\(sizes); median [least … greatest] of all rounds",
        "load average \(load) after: beyond its \(machine.cores) cores others were at work, so "
          + "trust the results, taken within rounds, rather than the rates",
      ])
      .map { $0.replacing(#/ +$/#, with: "") }.joined(separator: "\n")
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let rows = figures.map { figure in
      Row(
        name: figure.name, unit: figure.unit, value: figure.work.median,
        limit: figure.limitSpread.median, limitIs: figure.limit, ratio: figure.ratios.median,
        result: figure.numbers.median, bar: figure.bar.text, pass: figure.isMet,
        spread: .init(
          value: Values(figure.work), limit: Values(figure.limitSpread),
          ratio: Values(figure.ratios)))
    }
    let document = Document(
      schema: "stele/bench", version: 3, machine: machine, loads: loads,
      parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) }),
      events: events,
      rows: rows)
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  private func text(_ spread: Spread, _ figure: Figure) -> String {
    let isRate = figure.unit == .perSecond
    let unit = isRate ? "/s" : " \(figure.unit?.rawValue ?? "")"
    let format: (Double) -> String = { isRate ? whole($0) : String(format: "%.1f", $0) }
    return "\(format(spread.median))\(unit) [\(format(spread.least)) … \(format(spread.greatest))]"
  }

  private func number(_ figure: Figure) -> String {
    let spread = figure.numbers
    switch figure.bar {
    case .atLeast, .atMost:
      return String(
        format: "%.2f× [%.2f … %.2f]", spread.median, spread.least, spread.greatest)
    case .over:
      return String(
        format: "+%.1f ms [%.1f … %.1f]", spread.median, spread.least, spread.greatest)
    }
  }

  /// With a comma every three digits.
  private func whole(_ value: Double) -> String {
    let digits = String(Int(value.rounded()))
    return String(
      digits.reversed().enumerated().flatMap { index, digit in
        index > 0 && index.isMultiple(of: 3) ? [",", digit] : [digit]
      }.reversed())
  }

  private struct Document: Encodable {
    let schema: String
    let version: Int
    let machine: Machine
    let loads: [Double]
    let parameters: [String: Int]
    let events: [Int]
    let rows: [Row]
  }

  /// One figure, medians of all rounds. `ratio` is value by limit; `result` is what the bar is
  /// about: that, or by how much the value is over the limit.
  private struct Row: Encodable {
    let name: String
    let unit: Measure.Unit?
    let value, limit: Double
    let limitIs: String
    let ratio, result: Double
    let bar: String
    let pass: Bool
    let spread: Spreads
  }

  private struct Spreads: Encodable {
    let value, limit, ratio: Values
  }

  private struct Values: Encodable {
    let least, greatest: Double
    init(_ spread: Spread) { (least, greatest) = (spread.least, spread.greatest) }
  }
}

extension Bar {
  var text: String {
    switch self {
    case .atLeast(let least): String(format: "≥ %.2f×", least)
    case .atMost(let most): String(format: "≤ %.2f×", most)
    case .over(atMostMilliseconds: let most): String(format: "≤ +%.0f ms", most)
    }
  }
}
