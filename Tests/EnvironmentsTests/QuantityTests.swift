import Testing

@testable import Environments

/// Kubernetes quantities and exact decimals.
@Suite struct QuantityTests {
  @Test(arguments: [
    ("500m", 500), ("2", 2_000), ("0.5", 500), ("0.001", 1), ("1.50", 1_500), ("1500m", 1_500),
    ("10000", 10_000_000), ("0.100", 100), ("1m", 1), ("2.0m", 2),
  ])
  func `processor time is read in thousandths of a core`(text: String, milliCPU: Int) throws {
    #expect(try CPUQuantity(parsing: text).milliCPU == milliCPU)
  }

  @Test(arguments: [
    ("", QuantityError.form), ("m", .form), ("1M", .notForCPU), ("1Ki", .notForCPU), ("-1", .range),
    ("0", .range), ("0m", .range), ("0.5m", .fraction), ("0.0001", .fraction), ("10001", .range),
    ("99999999999999999", .range), ("9999999999999999999999", .form), ("1 ", .form), ("+1", .form),
    ("01", .form), ("1e3", .form), ("two", .form),
  ])
  func `what is no processor time is refused`(text: String, error: QuantityError) {
    #expect(throws: error) { try CPUQuantity(parsing: text) }
  }

  @Test(arguments: [
    ("1", 1), ("1Ki", 1_024), ("512Mi", 536_870_912), ("4Gi", 4_294_967_296),
    ("1.5Gi", 1_610_612_736), ("1k", 1_000), ("1G", 1_000_000_000), ("0.5Ki", 512), ("0.5k", 500),
    ("1Ti", 1_099_511_627_776), ("2T", 2_000_000_000_000), ("7Pi", 7_881_299_347_898_368),
    ("9P", 9_000_000_000_000_000), ("9007199254740991", 9_007_199_254_740_991),
  ])
  func `memory and storage are read in bytes`(text: String, bytes: Int) throws {
    #expect(try ByteQuantity(parsing: text).bytes == bytes)
  }

  @Test(arguments: [
    ("", QuantityError.form), ("Gi", .form), ("1m", .milliBytes), ("0", .range), ("-1Gi", .range),
    ("0.5", .fraction), ("0.0001Ki", .fraction), ("8Pi", .range), ("10P", .range),
    ("99999999Pi", .range), ("1Ei", .form), ("1MB", .suffix(suggestion: "1M")),
    ("1mib", .suffix(suggestion: "1Mi")), ("2gi", .suffix(suggestion: "2Gi")),
    ("3K", .suffix(suggestion: "3k")), ("1XB", .form), ("1 Gi", .form), ("١Gi", .form),
  ])
  func `what is no amount of bytes is refused`(text: String, error: QuantityError) {
    #expect(throws: error) { try ByteQuantity(parsing: text) }
  }

  @Test(arguments: [
    ("1000m", "1"), ("0.5", "500m"), ("2.50", "2500m"),
  ])
  func `equal processor times have one spelling`(text: String, spelling: String) throws {
    #expect(try "\(CPUQuantity(parsing: text))" == spelling)
  }

  @Test(arguments: [
    ("1024Mi", "1Gi"), ("1.5Gi", "1536Mi"), ("1000M", "1G"), ("1000", "1k"), ("1024", "1Ki"),
    ("1", "1"), ("1001", "1001"), ("10G", "10G"), ("16G", "16G"), ("0.5k", "500"),
    ("1000Ki", "1024k"),
  ])
  func `equal amounts have one spelling`(text: String, spelling: String) throws {
    #expect(try "\(ByteQuantity(parsing: text))" == spelling)
  }

  @Test func `what a quantity is written as is read as the same quantity`() throws {
    var random = Seeded(seed: 4)
    for _ in 0..<2_000 {
      let shift = UInt64.random(in: 0...52, using: &random)
      let bytes = Int(UInt64.random(in: 1...(1 << 53) - 1, using: &random) >> shift) + 1
      let zeros = Int.random(in: 0...3, using: &random)
      let factor = (0..<zeros).reduce(1) { product, _ in product * 1_000 }
      if let quantity = ByteQuantity(bytes: bytes.multipliedReportingOverflow(by: factor).0) {
        #expect(try ByteQuantity(parsing: "\(quantity)") == quantity)
      }
      if let quantity = CPUQuantity(milliCPU: bytes % 10_000_000) {
        #expect(try CPUQuantity(parsing: "\(quantity)") == quantity)
      }
    }
  }

  @Test func `quantities are ordered by what they amount to`() throws {
    #expect(try ByteQuantity(parsing: "1G") < ByteQuantity(parsing: "1Gi"))
    #expect(try CPUQuantity(parsing: "999m") < CPUQuantity(parsing: "1"))
    #expect(ByteQuantity(bytes: 0) == nil)
    #expect(CPUQuantity(milliCPU: 10_000_001) == nil)
  }

  @Test(arguments: [
    ("0.1", 1_000, DecimalNumber.Scaled.whole(100)), ("2.5", 60_000, .whole(150_000)),
    ("0.0001", 1_000, .fraction), ("-0.25", 1_000_000, .whole(-250_000)),
    ("0.10", 1_000, .whole(100)), ("999999999999999999", 60_000, .tooLarge),
  ])
  func `a decimal is multiplied exactly`(
    text: String, factor: Int, product: DecimalNumber.Scaled
  ) throws {
    #expect(try #require(DecimalNumber(text)).times(factor) == product)
  }

  @Test(arguments: ["", ".", "1.", ".5", "1,5", "--1", "1.2.3", "0x1", "1234567890123456789"])
  func `what is no plain decimal, or too long, is none`(text: String) {
    #expect(DecimalNumber(text) == nil)
  }

  @Test(arguments: [
    (1_500, 1_000, "1.5"), (10_000, 1_000, "10"), (250_000, 1_000_000, "0.25"),
    (150_000, 60_000, "2.5"), (-500, 1_000, "-0.5"), (1, 1_000_000, "0.000001"),
    (7, 60_000, "7/60000"),
  ])
  func `a count of small units is written as the shortest decimal`(
    count: Int, factor: Int, text: String
  ) {
    #expect(DecimalNumber.text(of: count, per: factor) == text)
  }
}
