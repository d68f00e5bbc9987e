import Environments

/// The columns of FOCUS 1.2 that are read; others, and those that providers add, are passed over.
///
/// Source: https://focus.finops.org/focus-specification/v1-2/
enum FocusColumn: String, CaseIterable {
  case billedCost = "BilledCost"
  case billingAccount = "BillingAccountId"
  case billingCurrency = "BillingCurrency"
  case billingPeriodEnd = "BillingPeriodEnd"
  case billingPeriodStart = "BillingPeriodStart"
  case chargeCategory = "ChargeCategory"
  case chargeClass = "ChargeClass"
  case chargePeriodEnd = "ChargePeriodEnd"
  case chargePeriodStart = "ChargePeriodStart"
  case provider = "ProviderName"
  case service = "ServiceName"
  case subAccount = "SubAccountId"
  case tags = "Tags"

  /// Whether FOCUS demands it of every bill.
  var isMandatory: Bool {
    switch self {
    case .billedCost, .billingAccount, .billingCurrency, .billingPeriodEnd, .billingPeriodStart,
      .chargeCategory, .chargeClass, .chargePeriodEnd, .chargePeriodStart, .provider, .service:
      true
    case .subAccount, .tags: false
    }
  }
}

/// Where a bill has which column.
struct FocusHeader {
  /// How many columns each row has.
  let count: Int
  private let indices: [FocusColumn: Int]

  subscript(column: FocusColumn) -> Int? { indices[column] }

  /// Reads a bill's first row.
  ///
  /// - Throws: ``BillFault`` where mandatory columns are missing, all named, or one is there twice.
  init(_ row: CSVRow, of file: String) throws(BillFault) {
    let names = row.fields.indices.map { String(decoding: row[$0], as: UTF8.self) }
    var indices: [FocusColumn: Int] = [:]
    for (index, name) in names.enumerated() {
      guard let column = FocusColumn(rawValue: name) else { continue }
      guard indices.updateValue(index, forKey: column) == nil else {
        throw BillFault(
          file: file, line: row.fields[index].line, column: row.fields[index].column, field: name,
          "is a column for the second time", remedy: "Leave one of them out.")
      }
    }
    let missing = FocusColumn.allCases.filter { $0.isMandatory && indices[$0] == nil }
    guard missing.isEmpty else { throw Self.lacking(missing, among: names, row, file) }
    count = names.count
    self.indices = indices
  }

  private static func lacking(
    _ missing: [FocusColumn], among names: [String], _ row: CSVRow, _ file: String
  ) -> BillFault {
    let words = missing.map(\.rawValue).joined(separator: ", ")
    let near = missing.lazy.compactMap { column in
      names.first { $0.lowercased() == column.rawValue.lowercased() }
    }.first
    let remedy =
      names.count == 1 && names[0].contains(";")
      ? "Write commas between the fields: there are semicolons."
      : near.map { "Spell columns as FOCUS does: \(VisibleText.escaped($0)) is none." }
        ?? "Export the bill as FOCUS 1.2, with its first row."
    return BillFault(
      file: file, line: row.line, column: 1, "the first row has no \(words)", remedy: remedy)
  }
}
