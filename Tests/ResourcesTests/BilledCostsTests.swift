import Environments
import Events
import Foundation
import Projections
import TestKit
import Testing

@testable import Resources

/// Bills read and added up by environment, day and service.
@Suite struct BilledCostsTests {
  /// As ``bill_sums.py`` prints them.
  private func lines(_ costs: BilledCosts) throws -> [String] {
    var lines: [String] = []
    for environment in costs.amounts.keys {
      for (charge, money) in try costs.money(in: environment) {
        let days = [charge.from, charge.until].map { String("\($0)".prefix(10)) }
        lines.append(
          "\(environment) \(days[0]) \(days[1]) \(charge.service) \(money.micros)")
      }
    }
    return lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Charges of every kind, drawn so that sums have many decimals.
  private func randomBill(_ seed: UInt64) -> Bill {
    let random = SeededRandom(seed: seed)
    func one<Item>(_ items: [Item]) -> Item {
      items[Int(random.bytes(1)[0]) % items.count]
    }
    func digits(_ count: Int) -> String { random.bytes(count).map { "\($0 % 10)" }.joined() }
    var bill = Bill()
    for _ in 0..<300 {
      let day = 1 + Int(random.bytes(1)[0]) % 5
      let hour = Int(random.bytes(1)[0]) % 24
      bill.add([
        "BilledCost": one([
          "\(one(["", "-"]))0.\(digits(12))", "1\(digits(2)).\(digits(9))5", "0",
          "\(1 + day).\(digits(16))E-\(one([2, 7, 9]))", "0.0000005",
        ]),
        "ChargeCategory": one(["Usage", "Purchase", "Tax", "Credit", "Adjustment"]),
        "ChargeClass": one(["", "", "Correction"]),
        "ChargePeriodStart": "2026-11-0\(day)T\(hour < 10 ? "0" : "")\(hour):00:00Z",
        "ChargePeriodEnd": one(["2026-11-07T00:00:00Z", "2026-12-01T00:00:01Z"]),
        "ServiceName": one(["compute", "a \"b\", c", "räume\r\nund mehr", "store"]),
        "SubAccountId": one(["", "7", "8"]),
        "Tags": one([
          "", "{}", #"{"environment":"production"}"#, #"{ "team": "x", "environment": "stage" }"#,
          #"{"environment":"qa"}"#, #"{"environment":true}"#, #"{"environment":"prod"}"#,
        ]),
      ])
    }
    return bill
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `another program comes to the same sums`(seed: UInt64) async throws {
    let bill = randomBill(seed)
    let costs = try bill.read()
    let directory = try TemporaryDirectory()
    let path = directory.file("bill.csv")
    try bill.text.write(toFile: path, atomically: false, encoding: .utf8)
    let fixture = "\(Bundle.module.bundlePath)/Fixtures/bill_sums.py"

    let theirs = try await TestProgram.python([fixture, path]).text

    let expected = (try lines(costs) + ["total \(costs.total.plain)"]).joined(separator: "\n")
    #expect(theirs == expected + "\n")
  }

  @Test func `hours of a day are one amount, and a charge of many days is another`() throws {
    let costs = try Bill(
      ["ChargePeriodStart": "2026-11-03T00:00:00Z", "ChargePeriodEnd": "2026-11-03T01:00:00Z"],
      ["ChargePeriodStart": "2026-11-03T23:00:00Z", "ChargePeriodEnd": "2026-11-04T00:00:00Z"],
      ["ChargePeriodStart": "2026-11-03T00:00:00Z", "ChargePeriodEnd": "2026-12-01T00:00:00Z"]
    ).read()

    #expect(
      try lines(costs) == [
        "staging 2026-11-03 2026-11-04 compute 2500000",
        "staging 2026-11-03 2026-12-01 compute 1250000",
      ])
    #expect(costs.rows == 3)
  }

  @Test func `what names no environment is counted apart, by what it names`() throws {
    var bill = Bill(
      ["Tags": ""], ["Tags": #"{"environment":true}"#, "BilledCost": "2"],
      ["Tags": #"{"environment":"qa"}"#, "BilledCost": "4"], ["BilledCost": "8"])
    for number in 0..<30 { bill.add(["Tags": #"{"environment":"e\#(number)"}"#]) }
    let costs = try bill.read()
    let rest = try bill.read(.tag("environment", rest: .production))

    #expect(costs.leftOut[.untagged].map { "\($0.rows) \($0.amount)" } == "2 3.25")
    #expect(costs.leftOut[.names("qa")].map { "\($0.rows) \($0.amount)" } == "1 4.00")
    #expect(costs.leftOut[.others].map(\.rows) == 12)
    #expect(costs.leftOut.values.reduce(0) { $0 + $1.rows } == 33)
    #expect("\(costs.total)" == "52.75")
    #expect(rest.leftOut[.untagged] == nil)
    #expect(rest.leftOut[.names("qa")] != nil)
    #expect(try lines(rest).contains("production 2026-11-03 2026-11-04 compute 3250000"))
  }

  @Test func `all of a bill may be one environment's, whatever its tags are`() throws {
    let costs = try Bill(["Tags": "{"], ["Tags": #"{"environment":"staging"}"#])
      .read(.all(.development))

    #expect(try lines(costs) == ["development 2026-11-03 2026-11-04 compute 2500000"])
  }

  @Test func `a bill is the same one before and after it has an invoice`() throws {
    let before = try Bill(["x_Own": ""]).read()
    let after = try Bill(["x_Own": "INV-1"]).read()
    let other = try Bill(["BillingPeriodStart": "2026-10-01T00:00:00Z"]).read()
    let account = try Bill(["SubAccountId": "7"]).read()

    #expect(before.amounts == after.amounts)
    #expect(before.source != after.source)
    #expect(
      Set([before, other, account].map { $0.amounts[.staging]?.keys.first?.bill }).count == 3)
  }

  @Test func `a bill's identity is what the format says it is`() throws {
    let charge = try #require(try Bill([:]).read().amounts[.staging]?.keys.first)

    // printf '%s' '{"account":"0042",…}' | sha256sum
    #expect(
      "\(charge.bill)"
        == "sha256:a1791a5547fbbbdad015e2d61803a07482ad3934538cd889396e22e3f21b7377")
  }

  static let faults: [(columns: [String: String], words: String)] = [
    (["BilledCost": ""], "bill.csv:2:1: BilledCost: is empty."),
    (["BilledCost": "12,50"], #"bill.csv:2:1: BilledCost: "12,50" is no amount."#),
    (["BilledCost": "1e-31"], #"bill.csv:2:1: BilledCost: "1e-31" is no amount."#),
    (["BillingCurrency": "eur"], #"BillingCurrency: "eur" is no currency."#),
    (["BillingCurrency": "EURO"], #"BillingCurrency: "EURO" is no currency."#),
    (["ChargeCategory": "usage"], #"ChargeCategory: "usage" is not known to FOCUS 1.2."#),
    (["ChargeCategory": ""], "ChargeCategory: is empty."),
    (["ChargeClass": "Fix"], #"ChargeClass: "Fix" is not known to FOCUS 1.2."#),
    (["ChargePeriodStart": "03.11.2026"], #"ChargePeriodStart: "03.11.2026" is no time."#),
    (["ChargePeriodStart": "2026-02-30T00:00:00Z"], "is no time."),
    (["ChargePeriodStart": "2026-11-03T00:00:00+01:00"], "is no time."),
    (
      ["ChargePeriodEnd": "2026-11-03T00:00:00Z"],
      "ChargePeriodEnd: \"2026-11-03T00:00:00Z\" is not after ChargePeriodStart, "
        + "2026-11-03T00:00:00.000000Z."
    ),
    (["BillingPeriodEnd": "2026-10-01T00:00:00Z"], "is not after BillingPeriodStart"),
    (["ServiceName": ""], "ServiceName: is empty."),
    (["ProviderName": ""], "ProviderName: is empty."),
    (["Tags": "{"], "Tags: is no JSON object."), (["Tags": "[]"], "Tags: is no JSON object."),
  ]

  @Test(arguments: faults)
  func `a value that FOCUS does not have is named with its place`(
    columns: [String: String], words: String
  ) throws {
    let complaint = try #require(Bill(columns).complaint())
    #expect(complaint.hasPrefix("bill.csv:2:") && complaint.contains(words), "\(complaint)")
  }

  @Test func `a place counts characters and lines within fields`() throws {
    let complaint = Bill(
      ["ChargeDescription": "two\nlines"],
      ["BillingAccountId": "é1", "BillingCurrency": "€"]
    ).complaint()

    #expect(complaint?.hasPrefix(#"bill.csv:4:16: BillingCurrency: "€" is no currency."#) == true)
  }

  @Test func `currencies are not added up`() {
    let complaint = Bill([:], [:], ["BillingCurrency": "USD"]).complaint()

    #expect(
      complaint?.contains(
        #"BillingCurrency: "USD" is another currency than EUR of bill.csv:2."#) == true)
  }

  private func complaint(about text: String) -> String? {
    var bill = Bill()
    bill.text = text
    return bill.complaint()
  }

  @Test func `a file without what is needed says what`() {
    let header = Bill.columns.joined(separator: ",")
    #expect(complaint(about: "")?.contains("bill.csv:1:1: has no first row.") == true)
    #expect(complaint(about: header)?.contains("bill.csv:1:1: has no charges.") == true)
    #expect(
      complaint(about: "a,billedcost\n")?.contains(
        """
        bill.csv:1:1: the first row has no BilledCost, BillingAccountId, BillingCurrency, \
        BillingPeriodEnd, BillingPeriodStart, ChargeCategory, ChargeClass, ChargePeriodEnd, \
        ChargePeriodStart, ProviderName, ServiceName.
        Spell columns as FOCUS does: billedcost is none.
        """) == true)
    #expect(complaint(about: "BilledCost;Tags\n")?.contains("there are semicolons") == true)
    #expect(
      complaint(about: header + ",Tags\n")?.contains("Tags: is a column for the second time")
        == true)
    #expect(
      complaint(about: header.replacing(",Tags", with: "") + "\n")?.contains(
        "the first row has no Tags, by which charges name their environment") == true)
    #expect(
      complaint(about: header + "\n1,2\n")?.contains(
        "bill.csv:2:1: has 2 fields, and the first row has 24.") == true)
  }

  @Test func `where no charge names an environment the tags that there are are named`() {
    let tagged = Bill(["Tags": #"{"Stage":"prod","team":"x"}"#])
    #expect(
      tagged.complaint()?.contains(
        "none of the 1 charges has a tag environment that names an environment; "
          + "there are Stage, team.") == true)
    #expect(tagged.complaint(.tag("Stage", rest: nil)) == nil)
    #expect(Bill(["Tags": ""]).complaint()?.contains("none has any tag.") == true)
  }

  @Test func `an amount that the ledger cannot hold is refused`() throws {
    let costs = try Bill(["BilledCost": "9007199254.740992"]).read()
    let error = #expect(throws: BillError.self) { try costs.money(in: .staging) }

    #expect("\(try #require(error))".contains("9007199254.740992 for compute"))
    let sum = Bill(
      ["BilledCost": "999999999999999999"], ["BilledCost": "999999999999999999"],
      ["BilledCost": "999999999999999999"], ["BilledCost": "999999999999999999"],
      ["BilledCost": "999999999999999999"], ["BilledCost": "999999999999999999"],
      ["BilledCost": "999999999999999999"], ["BilledCost": "999999999999999999"],
      ["BilledCost": "999999999999999999"], ["BilledCost": "999999999999999999"])
    #expect(sum.complaint()?.contains("bill.csv:11:1: BilledCost:") == true)
  }

  @Test func `a file that cannot be read says why`() throws {
    let directory = try TemporaryDirectory()
    for (path, reason) in [
      (directory.file("none.csv"), "No such file or directory"), (directory.path, "Is a directory"),
    ] {
      let error = #expect(throws: BillError.self) {
        try BilledCosts(reading: [("x.csv", path)], assigning: .all(.staging))
      }
      #expect("\(try #require(error))".contains("x.csv cannot be read: \(reason)"), "\(error!)")
    }
  }

  @Test func `several files are one import, in one currency`() throws {
    let directory = try TemporaryDirectory()
    let paths = ["a.csv", "b.csv"].map { ($0, directory.file($0)) }
    try Bill([:]).text.write(toFile: paths[0].1, atomically: false, encoding: .utf8)
    try Bill([:], ["ServiceName": "store"]).text
      .write(toFile: paths[1].1, atomically: false, encoding: .utf8)
    let costs = try BilledCosts(reading: paths, assigning: .tag("environment", rest: nil))

    #expect(
      try lines(costs) == [
        "staging 2026-11-03 2026-11-04 compute 2500000",
        "staging 2026-11-03 2026-11-04 store 1250000",
      ])
  }
}

extension ExactAmount {
  /// As Python writes it: without zeros at the end.
  fileprivate var plain: String {
    var text = "\(self)"
    while text.hasSuffix("0") { text.removeLast() }
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}
