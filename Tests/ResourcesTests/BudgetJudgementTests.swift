import CanonicalJSON
import Environments
import Events
import Projections
import Testing

@testable import Resources

/// A month's costs against its budget.
@Suite struct BudgetJudgementTests {
  private func time(_ text: String) throws -> Timestamp {
    try #require(Timestamp(abbreviated: text[...]))
  }

  /// - Parameters:
  ///   - amounts: By the day on which they were charged.
  ///   - deployed: When something was deployed first.
  private func judgement(
    _ amounts: [(day: String, amount: Int, currency: Code)], deployed: String? = "2026-01-01Z",
    now: String = "2026-11-28T12:00Z", budget: Int = 100, maxAgeDays: Int = 3,
    withoutData: MissingCostRule = .deny
  ) throws -> BudgetJudgement {
    var costs = Costs()
    for (index, one) in amounts.enumerated() {
      let from = try time(one.day)
      costs.apply(
        .cost(
          CostImported(
            amount: Money(micros: one.amount, currency: one.currency), from: from,
            until: from.nextDay, service: MachineWords("s\(index)"),
            bill: ContentDigest(sha256: .init(bytes: [UInt8](repeating: 1, count: 32))),
            source: ContentDigest(sha256: .init(bytes: [UInt8](repeating: 1, count: 32))))))
    }
    return BudgetJudgement(
      of: Spending(costs, firstDeployed: try deployed.map(time), at: try time(now)),
      by: Budget(
        monthly: Money(micros: budget, currency: "EUR"), maxAgeDays: maxAgeDays,
        withoutData: withoutData), in: .production)
  }

  @Test(arguments: [(60, 40, true), (60, 41, false), (160, -60, true), (0, 0, true)])
  func `a month may cost its budget and not more`(
    first: Int, second: Int, isAllowed: Bool
  ) throws {
    let judged = try judgement([
      ("2026-11-01Z", first, "EUR"), ("2026-11-27Z", second, "EUR"),
      ("2026-10-31Z", 1_000, "EUR"), ("2026-12-01Z", 1_000, "EUR"),
    ])

    #expect(judged.isAllowed == isAllowed)
    #expect(judged.spent?.micros == first + second)
    #expect(
      judged.verdict
        == (isAllowed
          ? .within : .exceeded(by: Money(micros: first + second - 100, currency: "EUR"))))
  }

  @Test func `what is exceeded is exceeded however old it is known`() throws {
    let judged = try judgement([("2026-11-01Z", 101, "EUR")], withoutData: .allow)

    #expect(judged.verdict == .exceeded(by: Money(micros: 1, currency: "EUR")))
    #expect(!judged.isAllowed)
  }

  @Test(arguments: [
    // Known until the 25th at midnight: three days before the 28th, and half a day more.
    ("2026-11-24Z", "2026-11-28T00:00Z", true), ("2026-11-24Z", "2026-11-28T00:01Z", false),
    ("2026-11-28Z", "2026-11-28T12:00Z", true), ("2027-01-01Z", "2026-11-28T12:00Z", false),
  ])
  func `costs that are known too long ago are not known`(
    day: String, now: String, isAllowed: Bool
  ) throws {
    let judged = try judgement([(day, 1, "EUR")], now: now)

    #expect(judged.isAllowed == isAllowed)
    #expect(judged.verdict == (isAllowed ? .within : .unknown))
    #expect(try judgement([(day, 1, "EUR")], now: now, withoutData: .allow).isAllowed)
  }

  @Test func `a month begins with what was known of the one before`() throws {
    let judged = try judgement([("2026-10-31Z", 1_000, "EUR")], now: "2026-11-02Z")

    #expect(judged.isAllowed)
    #expect(judged.spent == nil)
    #expect("\(judged)".contains("and has cost nothing that is known; known until 2026-11-01"))
  }

  @Test(arguments: [
    (nil, true), ("2026-11-28T11:00Z", true), ("2026-11-25T12:00Z", true),
    ("2026-11-25T11:59Z", false), ("2026-01-01Z", false),
  ])
  func `without data an environment is new only as long as a bill may take`(
    deployed: String?, isAllowed: Bool
  ) throws {
    let judged = try judgement([], deployed: deployed)

    #expect(judged.isAllowed == isAllowed)
    #expect("\(judged)".hasSuffix("no cost is known at all"))
  }

  @Test func `another currency is no answer, unless the budget's own exceeds it`() throws {
    let mixed = [("2026-11-27Z", 1, "USD" as Code), ("2026-11-27Z", 5, "EUR")]
    let judged = try judgement(mixed)

    #expect(judged.verdict == .unknown)
    #expect("\(judged)".contains("has cost 0.000005 EUR and 0.000001 USD"))
    #expect(try judgement(mixed, withoutData: .allow).isAllowed)
    #expect(try !judgement(mixed, budget: 4, withoutData: .allow).isAllowed)
  }

  @Test func `its sentence has amounts, time and age`() throws {
    let judged = try judgement([("2026-11-25Z", 1_312_500_000, "EUR")], budget: 1_200_000_000)

    #expect(
      "\(judged)" == """
        production/budget: 2026-11 may cost 1200.00 EUR and has cost 1312.50 EUR; \
        known until 2026-11-26 00:00Z, 2 days ago
        """)
  }
}
