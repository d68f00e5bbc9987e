import CanonicalJSON
import Cryptography
import Environments
import Events
import Foundation
import Projections

extension BilledCosts {
  /// Reads bills in FOCUS 1.2 as CSV, one row at a time: however long they are, only sums are kept.
  ///
  /// - Parameter files: With the path of each, and its name for messages; at least one.
  /// - Throws: ``BillFault`` for the first row that is wrong; ``BillError``.
  package init(
    reading files: [(name: String, path: String)], assigning assignment: CostAssignment
  ) throws {
    var sum = BillSum(assignment)
    let hash = SHA256.Context()
    for file in files {
      let handle = try BillFile(named: file.name, at: file.path)
      try sum.add(file.name) {
        let bytes = try handle.read()
        hash.update(bytes)
        return bytes
      }
    }
    self = try sum.costs(source: ContentDigest(sha256: Digest(bytes: hash.finish())))
  }
}

/// A file that is read from its beginning to its end.
private struct BillFile {
  private let name: String
  private let handle: FileHandle
  private static let chunkBytes = 65_536

  init(named name: String, at path: String) throws(BillError) {
    self.name = name
    do { handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)) } catch {
      throw .unreadable(file: name, reason: Self.reason(error))
    }
  }

  func read() throws(BillError) -> [UInt8] {
    do { return [UInt8](try handle.read(upToCount: Self.chunkBytes) ?? Data()) } catch {
      throw .unreadable(file: name, reason: Self.reason(error))
    }
  }

  private static func reason(_ error: any Error) -> String {
    let error = error as NSError
    let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError
    let code = underlying?.domain == NSPOSIXErrorDomain ? underlying?.code : nil
    return code.map { String(cString: strerror(Int32($0))) } ?? "error \(error.code)"
  }
}

/// Adds charges up while they are read.
struct BillSum {
  private let assignment: CostAssignment
  private var first: (currency: Code, file: String, line: Int)?
  private var rows = 0
  private var corrections = 0
  private var total = ExactAmount.zero
  private var amounts: [KnownEnvironment: [Costs.Charge: ExactAmount]] = [:]
  private var leftOut: [CostAssignment.LeftOut: BilledCosts.Share] = [:]
  private var days: Set<BilledCosts.Day> = []
  private var bills: [BillIdentity: ContentDigest] = [:]
  private var answers: [String: CostAssignment.Answer] = [:]
  private var tags: Set<String> = []

  /// Texts of tags that are remembered: most charges have the same as others.
  private static let answersMax = 1_000
  /// Names of other environments, and of tags, that are told apart.
  private static let namesMax = 20

  init(_ assignment: CostAssignment) { self.assignment = assignment }

  /// Adds one file.
  ///
  /// - Parameter read: The next bytes; none at the end.
  mutating func add(_ file: String, read: @escaping () throws -> [UInt8]) throws {
    var reader = try CSVReader(file, read: read)
    guard let names = try reader.next() else { throw Self.empty(file, "has no first row") }
    let header = try FocusHeader(names, of: file)
    try requireTags(header, names, file)
    let before = rows
    while let row = try reader.next() {
      try add(try FocusRowReader(file: file, header: header).read(row), row, header, file)
    }
    guard rows > before else { throw Self.empty(file, "has no charges") }
  }

  private static func empty(_ file: String, _ complaint: String) -> BillFault {
    BillFault(
      file: file, line: 1, column: 1, complaint,
      remedy: "Export the bill again, with a row for each charge.")
  }

  private func requireTags(
    _ header: FocusHeader, _ names: CSVRow, _ file: String
  ) throws(BillFault) {
    guard case .tag = assignment, header[.tags] == nil else { return }
    throw BillFault(
      file: file, line: names.line, column: 1,
      "the first row has no \(FocusColumn.tags.rawValue), by which charges name their environment",
      remedy: "Export it too, or say --environment where the bill is of one alone.")
  }

  private mutating func add(
    _ charge: FocusRow, _ row: CSVRow, _ header: FocusHeader, _ file: String
  ) throws(BillFault) {
    try requireCurrency(charge.currency, row, header, file)
    rows += 1
    corrections += charge.isCorrection ? 1 : 0
    total = try sum(total, charge, row, file)
    let key = Costs.Charge(
      bill: digest(of: charge.bill), from: charge.days.lowerBound,
      until: charge.days.upperBound, service: charge.service)
    days.insert(BilledCosts.Day(of: key))
    switch try answer(to: charge, row, header, file) {
    case .leftOut(let why):
      let why = leftOut[why] == nil && leftOut.count >= Self.namesMax ? .others : why
      let share = leftOut[why] ?? BilledCosts.Share(rows: 0, amount: .zero)
      leftOut[why] = BilledCosts.Share(
        rows: share.rows + 1, amount: try sum(share.amount, charge, row, file))
    case .environment(let environment):
      let before = amounts[environment]?[key] ?? .zero
      amounts[environment, default: [:]][key] = try sum(before, charge, row, file)
    }
  }

  private mutating func requireCurrency(
    _ currency: Code, _ row: CSVRow, _ header: FocusHeader, _ file: String
  ) throws(BillFault) {
    guard let first else {
      self.first = (currency, file, row.line)
      return
    }
    guard currency != first.currency else { return }
    let field = header[.billingCurrency].map { row.fields[$0] }
    throw BillFault(
      file: file, line: field?.line ?? row.line, column: field?.column ?? 1,
      field: FocusColumn.billingCurrency.rawValue, found: currency.rawValue,
      "is another currency than \(first.currency) of \(first.file):\(first.line)",
      remedy: "Import bills of one currency at a time.")
  }

  private func sum(
    _ sum: ExactAmount, _ charge: FocusRow, _ row: CSVRow, _ file: String
  ) throws(BillFault) -> ExactAmount {
    guard let sum = sum.adding(charge.amount) else {
      throw BillFault(
        file: file, line: row.line, column: 1, field: FocusColumn.billedCost.rawValue,
        found: "\(charge.amount)", "makes a sum beyond 64 bits",
        remedy: "See whether the bill means it so.")
    }
    return sum
  }

  private mutating func answer(
    to charge: FocusRow, _ row: CSVRow, _ header: FocusHeader, _ file: String
  ) throws(BillFault) -> CostAssignment.Answer {
    guard case .tag = assignment, let text = charge.tags else { return assignment.answer(nil) }
    if let known = answers[text] { return known }
    guard let tags = BillTags(parsing: text) else {
      let field = header[.tags].map { row.fields[$0] }
      throw BillFault(
        file: file, line: field?.line ?? row.line, column: field?.column ?? 1,
        field: FocusColumn.tags.rawValue, "is no JSON object",
        remedy: #"Write tags as FOCUS does: {"environment": "production"}."#)
    }
    for key in tags.keys where self.tags.count < Self.namesMax { self.tags.insert(key) }
    let answer = assignment.answer(tags)
    if answers.count < Self.answersMax { answers[text] = answer }
    return answer
  }

  private mutating func digest(of bill: BillIdentity) -> ContentDigest {
    if let known = bills[bill] { return known }
    let digest = bill.digest
    bills[bill] = digest
    return digest
  }

  /// - Throws: ``BillError/nothingAssigned(rows:tag:tags:)``.
  func costs(source: ContentDigest) throws(BillError) -> BilledCosts {
    if case .tag(let tag, _) = assignment, amounts.isEmpty {
      throw .nothingAssigned(rows: rows, tag: tag, tags: tags.sorted())
    }
    guard let currency = first?.currency else { preconditionFailure("no file was added") }
    return BilledCosts(
      currency: currency, source: source, rows: rows, corrections: corrections, total: total,
      amounts: amounts, leftOut: leftOut, days: days)
  }
}

extension BillIdentity {
  /// As ``CostImported/bill`` has it.
  var digest: ContentDigest {
    let json: JSONObject = [
      "account": .string(MachineWords(account).text), "from": .string("\(period.lowerBound)"),
      "provider": .string(MachineWords(provider).text),
      "subAccount": subAccount.isEmpty ? .null : .string(MachineWords(subAccount).text),
      "until": .string("\(period.upperBound)"),
    ]
    guard let bytes = try? JSONValue.object(json).canonicalBytes() else {
      preconditionFailure("\(json) has no canonical form")
    }
    return ContentDigest(sha256: Digest(bytes: SHA256.hash(bytes)))
  }
}
