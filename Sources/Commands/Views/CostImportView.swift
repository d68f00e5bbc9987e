import CanonicalJSON
import Environments
import Events
import Projections
import Resources

/// What an import of bills has done, so that its sums can be held against the bills'.
struct CostImportView {
  private let billed: BilledCosts
  private let changes: [CostChanges]
  /// What is recorded of all charges that belong to an environment.
  private let recorded: ExactAmount
  private let leftOut: ExactAmount

  /// - Throws: `BillError` for amounts that could not be recorded.
  init(_ billed: BilledCosts, _ changes: [CostChanges]) throws {
    self.billed = billed
    self.changes = changes.filter { billed.amounts[$0.environment] != nil || !$0.changes.isEmpty }
    recorded = try changes.reduce(.zero) { sum, change in
      try billed.money(in: change.environment).values.reduce(sum) {
        $0.adding(ExactAmount(micros: $1.micros)) ?? $0
      }
    }
    leftOut = billed.leftOut.values.reduce(.zero) { $0.adding($1.amount) ?? $0 }
  }

  /// What the recorded sum is more than the exact one, as each amount is rounded by itself.
  private var rounding: ExactAmount {
    recorded.adding(leftOut)?.subtracting(billed.total) ?? .zero
  }

  private func shown(_ amount: ExactAmount) -> String { "\(amount) \(billed.currency)" }

  var warnings: [String] {
    billed.leftOut.map { why, share in
      "left out: \(shown(share.amount)) in \(Self.charges(share.rows)); \(why.words)"
    }.sorted()
  }

  var document: Document {
    var fields: JSONObject = [
      "corrections": .integer(Int64(billed.corrections)),
      "currency": .string(billed.currency.rawValue),
      "environments": .array(changes.map { .object(json(of: $0)) }),
      "leftOut": .array(
        billed.leftOut.map { json(of: $0, $1) }.sorted { "\($0)" < "\($1)" }.map { .object($0) }),
      "recorded": .string("\(recorded)"), "rows": .integer(Int64(billed.rows)),
      "source": .string("\(billed.source)"), "total": .string("\(billed.total)"),
    ]
    fields["rounding"] = .string("\(rounding)")
    return Document(
      schema: "stele.cost.import", fields: fields, records: changes.map(json),
      of: "stele.cost.import.environment", text: text)
  }

  private func json(of change: CostChanges) -> JSONObject {
    [
      "added": .integer(Int64(change.added)), "environment": .string(change.environment.rawValue),
      "replaced": .integer(Int64(change.replaced)),
      "takenBack": .integer(Int64(change.takenBack)),
      "unchanged": .integer(Int64(change.unchanged)),
    ]
  }

  private func json(
    of why: CostAssignment.LeftOut, _ share: BilledCosts.Share
  ) -> JSONObject {
    var object: JSONObject = [
      "amount": .string("\(share.amount)"), "rows": .integer(Int64(share.rows)),
    ]
    if case .names(let name) = why { object["name"] = .string(Secrecy.shown(name, at: "")) }
    return object
  }

  private static func charges(_ count: Int) -> String {
    count == 1 ? "1 charge" : "\(count) charges"
  }

  private var corrections: String {
    billed.corrections > 0 ? ", \(billed.corrections) of them corrections" : ""
  }

  private var text: [Passage] {
    var table = Table(
      .init("ENVIRONMENT"), .init("ADDED", .right), .init("REPLACED", .right),
      .init("TAKEN BACK", .right), .init("UNCHANGED", .right))
    for change in changes {
      table.add(
        change.environment.rawValue, "\(change.added)", "\(change.replaced)",
        "\(change.takenBack)", "\(change.unchanged)")
    }
    let isNews = changes.contains { !$0.changes.isEmpty }
    return [
      .table(table), "",
      "billed    \(shown(billed.total)) in \(Self.charges(billed.rows))\(corrections)",
      "recorded  \(shown(recorded))",
      "left out  \(shown(leftOut))",
      "rounding  \(shown(rounding))",
    ] + (isNews ? [] : ["nothing was recorded: all of it was known"])
  }
}

extension CostAssignment.LeftOut {
  fileprivate var words: String {
    switch self {
    case .untagged: "no tag says whose they are; --rest ENVIRONMENT gives them to one"
    case .names(let name):
      "their tag names \(VisibleText.escaped(Secrecy.shown(name, at: ""))), which is no environment"
    case .others: "their tags name other environments"
    }
  }
}
