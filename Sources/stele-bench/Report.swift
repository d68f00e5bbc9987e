import Foundation

/// What is printed at the end: every figure with its limit, its spread and its bar, and where.
struct Report {
  let machine: Machine
  let parameters: [(name: String, value: Int)]
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
    let sizes = parameters.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    return (lines + ["", machine.text, "\(sizes); median [least … greatest] of all rounds"])
      .map { $0.replacing(#/ +$/#, with: "") }.joined(separator: "\n")
  }

  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let rows = figures.map { figure in
      Row(
        work: figure.name, limit: figure.limit, unit: figure.isRate ? "per second" : "ms",
        measured: Values(figure.work), limitMeasured: Values(figure.limitSpread),
        result: Values(figure.numbers), bar: figure.bar.text, isMet: figure.isMet)
    }
    let document = Document(
      schema: "stele/bench", version: 1, machine: machine,
      parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.value) }),
      figures: rows)
    return String(decoding: try encoder.encode(document), as: UTF8.self)
  }

  private func text(_ spread: Spread, _ figure: Figure) -> String {
    let unit = figure.isRate ? "/s" : " ms"
    let format: (Double) -> String = { figure.isRate ? whole($0) : String(format: "%.1f", $0) }
    return "\(format(spread.median))\(unit) [\(format(spread.least)) … \(format(spread.greatest))]"
  }

  private func number(_ figure: Figure) -> String {
    let spread = figure.numbers
    switch figure.bar {
    case .ratio:
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
    let parameters: [String: Int]
    let figures: [Row]
  }

  private struct Row: Encodable {
    let work, limit, unit: String
    let measured, limitMeasured, result: Values
    let bar: String
    let isMet: Bool
  }

  private struct Values: Encodable {
    let median, least, greatest: Double
    init(_ spread: Spread) {
      (median, least, greatest) = (spread.median, spread.least, spread.greatest)
    }
  }
}

extension Bar {
  var text: String {
    switch self {
    case .ratio(let least): String(format: "≥ %.2f×", least)
    case .over(let most): String(format: "≤ +%.0f ms", most)
    }
  }
}
