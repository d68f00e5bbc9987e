import Events
import Testing

/// Amounts of money, and the months that they are counted by.
@Suite struct MoneyTests {
  @Test(arguments: [
    (0, "0.00 EUR"), (1, "0.000001 EUR"), (-1, "-0.000001 EUR"), (1_312_500_000, "1312.50 EUR"),
    (-7_250_000, "-7.25 EUR"), (1_000_000, "1.00 EUR"), (1_234_567, "1.234567 EUR"),
    (9_007_199_254_740_991, "9007199254.740991 EUR"),
  ])
  func `an amount is written with the decimals that it has, two at least`(
    micros: Int, text: String
  ) {
    #expect("\(Money(micros: micros, currency: "EUR"))" == text)
  }

  private func time(_ text: String) throws -> Timestamp { try Timestamp(parsing: text) }

  @Test(arguments: [
    ("2026-11-28T12:00:00.000000Z", "2026-11", "2026-12-01T00:00:00.000000Z"),
    ("2026-12-31T23:59:59.999999Z", "2026-12", "2027-01-01T00:00:00.000000Z"),
    ("2028-02-29T00:00:00.000000Z", "2028-02", "2028-03-01T00:00:00.000000Z"),
    ("9999-12-31T00:00:00.000000Z", "9999-12", "9999-12-31T23:59:59.999999Z"),
  ])
  func `a month ends where the next begins`(moment: String, name: String, end: String) throws {
    let month = CalendarMonth(of: try time(moment))

    #expect("\(month)" == name)
    #expect(month.end == (try time(end)))
    #expect(month.contains(month.start))
    #expect(!month.contains(month.end))
    #expect(month.contains(try time(moment)))
  }

  @Test func `months are in their order`() throws {
    let months = try ["2026-11-05", "2025-12-31", "2026-02-01"].map {
      CalendarMonth(of: try time("\($0)T00:00:00.000000Z"))
    }

    #expect(months.sorted().map(\.description) == ["2025-12", "2026-02", "2026-11"])
  }

  @Test func `a day of UTC has a beginning and an end`() throws {
    let noon = try time("2026-02-28T12:00:00.000001Z")
    let next = try time("2026-03-01T00:00:00.000000Z")

    #expect(noon.startOfDay == (try time("2026-02-28T00:00:00.000000Z")))
    #expect(noon.nextDay == next)
    #expect(noon.endOfDays == next)
    #expect(next.endOfDays == next)
    #expect(Timestamp.latest.nextDay == .latest)
  }
}
