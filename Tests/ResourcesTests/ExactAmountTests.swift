import Testing

@testable import Resources

/// Amounts of bills, which add up to the last decimal.
@Suite struct ExactAmountTests {
  private func amount(_ text: String) throws -> ExactAmount {
    try #require(ExactAmount(parsing: text), "\(text)")
  }

  static let readings = [
    ("0", "0.00"), ("-0", "0.00"), ("12", "12.00"), ("12.5", "12.50"), ("-12.50", "-12.50"),
    (".5", "0.50"), ("0.0000000116", "0.0000000116"), ("1.16E-8", "0.0000000116"),
    ("35.2e2", "3520.00"), ("1E+2", "100.00"), ("007.10", "7.10"), ("0E9", "0.00"),
    ("-0.000000000000000000000000000001", "-0.000000000000000000000000000001"),
    (
      "999999999999999999.999999999999999999999999999999",
      "999999999999999999.999999999999999999999999999999"
    ),
    ("1.000000000000000000000000000000000000000000", "1.00"),
  ]

  @Test(arguments: readings)
  func `an amount is read exactly and written with two decimals at least`(
    text: String, written: String
  ) throws {
    #expect(try "\(amount(text))" == written)
  }

  @Test(arguments: [
    "", "-", ".", "1.", "+1", "1,50", "1 000", "$1", "1.2.3", "0x1F", "NaN", "Infinity", "1E",
    "1E-", "1E1.5", "1E1000", "1000000000000000000", "1E18", "١", "1e-31",
    "0.0000000000000000000000000000001",
  ])
  func `what is no amount, too large or too fine is none`(text: String) {
    #expect(ExactAmount(parsing: text) == nil)
  }

  @Test func `sums lose nothing`() throws {
    let parts = try ["0.1", "0.2", "-0.3", "1E-30", "5", "-5.5", "0.5", "-1E-30"].map(amount)
    let sum = parts.reduce(ExactAmount.zero) { $0.adding($1) ?? .zero }

    #expect(sum == .zero)
    #expect(
      try "\(#require(amount("1").subtracting(amount("1E-30"))))"
        == "0.999999999999999999999999999999")
    #expect(try "\(#require(amount("-1").adding(amount("0.25"))))" == "-0.75")
    #expect(try "\(#require(amount("0.7").adding(amount("0.7"))))" == "1.40")
  }

  @Test func `a sum beyond 64 bits is none`() throws {
    var sum = try amount("999999999999999999")
    for _ in 0..<8 { sum = sum.adding(try amount("999999999999999999")) ?? .zero }

    #expect(sum.adding(try amount("999999999999999999")) == nil)
  }

  @Test(arguments: [
    ("0.0000005", 0), ("0.0000015", 2), ("0.0000025", 2), ("-0.0000015", -2), ("-0.0000005", 0),
    ("0.00000050000000000000000000001", 1), ("1.9999999", 2_000_000), ("-7.25", -7_250_000),
    ("9007199254.740991", 9_007_199_254_740_991), ("9007199254.7409914", 9_007_199_254_740_991),
  ])
  func `what is finer than a millionth goes to the nearest, from the middle to the even one`(
    text: String, micros: Int
  ) throws {
    #expect(try amount(text).micros == micros)
    #expect(ExactAmount(micros: micros).micros == micros)
  }

  @Test(arguments: ["9007199254.740992", "-9007199254.7409916", "999999999999999999"])
  func `what the ledger's integers cannot hold is none of them`(text: String) throws {
    #expect(try amount(text).micros == nil)
  }
}
