import Events

extension Project {
  /// A charge of a bill in FOCUS: an amount, its day, and what differs besides.
  struct Charge {
    let amount: String
    let day: String
    var service = "compute"
    var tags = ""
    var currency = "EUR"

    /// A day of UTC, some days before now.
    static func day(_ before: Int, of now: Timestamp) -> String {
      String("\(now.adding(milliseconds: -before * 86_400_000))".prefix(10))
    }
  }

  static func bill(
    _ charges: [Charge] = [Charge(amount: "1", day: "2026-01-05")]
  ) -> String {
    let header =
      "BilledCost,BillingAccountId,BillingCurrency,BillingPeriodEnd,"
      + "BillingPeriodStart,ChargeCategory,ChargeClass,ChargePeriodEnd,ChargePeriodStart,"
      + "ProviderName,ServiceName,Tags"
    let rows = charges.map { one in
      "\(one.amount),0042,\(one.currency),2027-01-01Z,2026-01-01Z,Usage,,\(one.day)T23:59Z,"
        + "\(one.day)Z,Cloud,\(one.service),\"\(one.tags.replacing("\"", with: "\"\""))\""
    }
    return ([header] + rows).joined(separator: "\n") + "\n"
  }
}
