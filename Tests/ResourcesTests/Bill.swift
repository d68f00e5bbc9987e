import Foundation
import TestKit
import Testing

@testable import Resources

/// A bill in FOCUS 1.2 with the columns that it demands, written row by row.
struct Bill {
  static let columns = [
    "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodEnd",
    "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodEnd",
    "ChargePeriodStart", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost",
    "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory",
    "ServiceName", "SubAccountId", "Tags", "x_Own",
  ]

  static let charge = [
    "BilledCost": "1.25", "BillingAccountId": "0042", "BillingCurrency": "EUR",
    "BillingPeriodStart": "2026-11-01T00:00:00Z", "BillingPeriodEnd": "2026-12-01T00:00:00Z",
    "ChargeCategory": "Usage", "ChargePeriodStart": "2026-11-03T00:00:00Z",
    "ChargePeriodEnd": "2026-11-04T00:00:00Z", "ProviderName": "Cloud", "ServiceName": "compute",
    "Tags": #"{"environment":"staging"}"#,
  ]

  var text = Self.columns.joined(separator: ",") + "\r\n"

  /// Adds a charge that differs from ``charge`` in some columns.
  mutating func add(_ columns: [String: String] = [:]) {
    text += Self.row(Self.charge.merging(columns) { $1 }) + "\r\n"
  }

  /// - Parameter charges: What each of them differs in from ``charge``.
  init(_ charges: [String: String]...) {
    for one in charges { add(one) }
  }

  /// Every field in quotes.
  static func row(_ columns: [String: String]) -> String {
    Self.columns.map {
      "\"\((columns[$0] ?? "").replacing("\"", with: "\"\""))\""
    }.joined(separator: ",")
  }

  /// What is read of it.
  func read(_ assignment: CostAssignment = .tag("environment", rest: nil)) throws -> BilledCosts {
    let directory = try TemporaryDirectory()
    let path = directory.file("bill.csv")
    try text.write(toFile: path, atomically: false, encoding: .utf8)
    return try BilledCosts(reading: [("bill.csv", path)], assigning: assignment)
  }

  /// What is wrong with it, without the sentence that begins each message.
  func complaint(_ assignment: CostAssignment = .tag("environment", rest: nil)) -> String? {
    do {
      _ = try read(assignment)
      return nil
    } catch {
      return "\(error)".replacing("Nothing was recorded: ", with: "")
    }
  }
}
