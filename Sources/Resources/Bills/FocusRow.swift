import Environments
import Events
import Projections

/// One charge of a bill, checked.
struct FocusRow {
  /// `BilledCost`: what the invoice asks for, so that sums agree with it.
  let amount: ExactAmount
  let currency: Code
  let bill: BillIdentity
  /// From the first day that the charge covers to the day after the last.
  let days: Range<Timestamp>
  let service: MachineWords
  /// Of an earlier bill, in this one.
  let isCorrection: Bool
  /// JSON as it stands there; nil where there is none.
  let tags: String?
}

/// Which bill a charge stands in. Without the number of its invoice: a bill of a month under way
/// has none yet, and is the same bill when it gets one.
struct BillIdentity: Hashable {
  let account: String
  let provider: String
  /// Empty for none.
  let subAccount: String
  let period: Range<Timestamp>
}

/// Reads a bill's rows under its header.
struct FocusRowReader {
  let file: String
  let header: FocusHeader

  /// - Throws: ``BillFault`` for the first value that FOCUS does not have there.
  func read(_ row: CSVRow) throws(BillFault) -> FocusRow {
    guard row.fields.count == header.count else {
      throw BillFault(
        file: file, line: row.line, column: 1,
        "has \(row.fields.count) fields, and the first row has \(header.count)",
        remedy: "Put fields with commas or line breaks in quotes.")
    }
    let cells = FocusCells(row: row, file: file, header: header)
    _ = try cells.word(.chargeCategory, of: ChargeCategory.self)
    let chargeClass = try cells.optionalWord(.chargeClass, of: ChargeClass.self)
    let charged = try cells.period(.chargePeriodStart, .chargePeriodEnd)
    return FocusRow(
      amount: try cells.amount(.billedCost), currency: try cells.currency(.billingCurrency),
      bill: BillIdentity(
        account: try cells.text(.billingAccount), provider: try cells.text(.provider),
        subAccount: try cells.optionalText(.subAccount) ?? "",
        period: try cells.period(.billingPeriodStart, .billingPeriodEnd)),
      days: charged.lowerBound.startOfDay..<charged.upperBound.endOfDays,
      service: MachineWords(try cells.text(.service)), isCorrection: chargeClass != nil,
      tags: try cells.optionalText(.tags))
  }
}

/// What a charge is for: all of them are counted.
private enum ChargeCategory: String, CaseIterable {
  case usage = "Usage"
  case purchase = "Purchase"
  case tax = "Tax"
  case credit = "Credit"
  case adjustment = "Adjustment"
}

private enum ChargeClass: String, CaseIterable {
  /// Of a charge that was invoiced in an earlier billing period.
  case correction = "Correction"
}

/// The values of one row.
private struct FocusCells {
  let row: CSVRow
  let file: String
  let header: FocusHeader

  /// Nil for what is not there: FOCUS writes null as nothing.
  func optionalText(_ column: FocusColumn) throws(BillFault) -> String? {
    guard let index = header[column], !row[index].isEmpty else { return nil }
    guard let text = String(validating: row[index], as: UTF8.self) else {
      throw fault(column, nil, "is not UTF-8", remedy: "Save the file as UTF-8.")
    }
    return text
  }

  func text(_ column: FocusColumn) throws(BillFault) -> String {
    guard let text = try optionalText(column) else {
      throw fault(column, nil, "is empty", remedy: "Export the bill again: FOCUS demands a value.")
    }
    return text
  }

  func amount(_ column: FocusColumn) throws(BillFault) -> ExactAmount {
    let text = try text(column)
    guard let amount = ExactAmount(parsing: text) else {
      throw fault(
        column, text, "is no amount",
        remedy: "Write digits with a point and at most \(ExactAmount.decimals) decimals: 12.50.")
    }
    return amount
  }

  func currency(_ column: FocusColumn) throws(BillFault) -> Code {
    let text = try text(column)
    guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }),
      let code = Code(rawValue: text)
    else { throw fault(column, text, "is no currency", remedy: "Write one as ISO 4217 does: EUR.") }
    return code
  }

  func word<Word>(_ column: FocusColumn, of _: Word.Type) throws(BillFault) -> Word
  where Word: CaseIterable & RawRepresentable<String> {
    try word(column, try text(column))
  }

  func optionalWord<Word>(_ column: FocusColumn, of _: Word.Type) throws(BillFault) -> Word?
  where Word: CaseIterable & RawRepresentable<String> {
    guard let text = try optionalText(column) else { return nil }
    return try word(column, text) as Word
  }

  private func word<Word>(_ column: FocusColumn, _ text: String) throws(BillFault) -> Word
  where Word: CaseIterable & RawRepresentable<String> {
    guard let word = Word(rawValue: text) else {
      let known = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw fault(column, text, "is not known to FOCUS 1.2", remedy: "Write one of \(known).")
    }
    return word
  }

  func period(
    _ start: FocusColumn, _ end: FocusColumn
  ) throws(BillFault) -> Range<Timestamp> {
    let from = try time(start)
    let until = try time(end)
    guard from < until else {
      throw fault(
        end, try optionalText(end), "is not after \(start.rawValue), \(from)",
        remedy: "Write the moment after the last that is meant.")
    }
    return from..<until
  }

  private func time(_ column: FocusColumn) throws(BillFault) -> Timestamp {
    let text = try text(column)
    guard let time = Timestamp(abbreviated: text[...]) else {
      throw fault(
        column, text, "is no time", remedy: "Write UTC as ISO 8601 does: 2026-11-01T00:00:00Z.")
    }
    return time
  }

  private func fault(
    _ column: FocusColumn, _ found: String?, _ complaint: String, remedy: String
  ) -> BillFault {
    let field = header[column].map { row.fields[$0] }
    return BillFault(
      file: file, line: field?.line ?? row.line, column: field?.column ?? 1,
      field: column.rawValue, found: found, complaint, remedy: remedy)
  }
}
