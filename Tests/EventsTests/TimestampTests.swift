import Events
import Testing

/// Time against Python's `datetime`, which made the numbers.
@Suite struct TimestampTests {
  static let known: [(String, Int64)] = [
    ("1970-01-01T00:00:00.000000Z", 0),
    ("1970-01-01T00:00:00.000001Z", 1),
    ("1972-02-29T23:59:59.999999Z", 68_255_999_999_999),
    ("1999-12-31T23:59:59.999999Z", 946_684_799_999_999),
    ("2000-02-29T12:00:00.000000Z", 951_825_600_000_000),
    ("2000-03-01T00:00:00.000000Z", 951_868_800_000_000),
    ("2026-11-22T15:04:05.123456Z", 1_795_359_845_123_456),
    ("2100-02-28T23:59:59.000000Z", 4_107_542_399_000_000),
    ("2100-03-01T00:00:00.000000Z", 4_107_542_400_000_000),
    ("2400-02-29T01:02:03.000004Z", 13_574_566_923_000_004),
    ("2411-01-12T12:38:05.163600Z", 13_917_616_685_163_600),
    ("2755-01-05T22:32:05.224664Z", 24_772_602_725_224_664),
    ("2829-10-01T19:28:31.735851Z", 27_131_138_911_735_851),
    ("3930-12-25T02:18:40.249589Z", 61_882_539_520_249_589),
    ("5576-03-08T01:35:37.606455Z", 113_800_124_137_606_455),
    ("7292-12-25T15:26:44.300280Z", 167_977_207_604_300_280),
    ("9471-03-28T18:38:37.215539Z", 236_716_195_117_215_539),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
  ]

  @Test(arguments: known)
  func `a time has one text and one number`(text: String, microseconds: Int64) throws {
    #expect(try Timestamp(parsing: text).microseconds == microseconds)
    #expect(Timestamp(microseconds: microseconds)?.description == text)
  }

  @Test func `every day of four centuries is followed by the next`() throws {
    let day: Int64 = 86_400_000_000
    var previous = ""
    for number in 0..<146_097 {
      let time = try #require(Timestamp(microseconds: Int64(number) * day))
      let text = time.description
      #expect(text > previous)
      #expect(try Timestamp(parsing: text) == time)
      previous = text
    }
  }

  @Test(arguments: [
    "", "2026-11-22T15:04:05.123456", "2026-11-22T15:04:05.12345Z", "2026-11-22 15:04:05.123456Z",
    "2026-11-22T15:04:60.000000Z", "2026-11-22T24:00:00.000000Z", "2026-11-22T15:60:00.000000Z",
    "2026-02-29T00:00:00.000000Z", "2100-02-29T00:00:00.000000Z", "2026-04-31T00:00:00.000000Z",
    "2026-00-01T00:00:00.000000Z", "2026-13-01T00:00:00.000000Z", "2026-01-00T00:00:00.000000Z",
    "1969-12-31T23:59:59.999999Z", "2026-11-22T15:04:05.12345aZ", "+026-11-22T15:04:05.123456Z",
    "2026-11-22t15:04:05.123456z", "2026-11-22T15:04:05,123456Z", "2026/11/22T15:04:05.123456Z",
  ])
  func `another text is no time`(text: String) {
    #expect(throws: IdentifierError.self) { try Timestamp(parsing: text) }
  }

  @Test func `no time lies outside 1970 to 9999`() {
    #expect(Timestamp(microseconds: -1) == nil)
    #expect(Timestamp(microseconds: Timestamp.latest.microseconds + 1) == nil)
  }

  @Test func `moving a time stops at the calendar's ends`() throws {
    let time = try Timestamp(parsing: "2026-11-22T15:04:05.123456Z")

    #expect(time.adding(milliseconds: 1_500).description == "2026-11-22T15:04:06.623456Z")
    #expect(time.adding(milliseconds: -1_500).description == "2026-11-22T15:04:03.623456Z")
    #expect(time.adding(milliseconds: .max) == .latest)
    #expect(time.adding(milliseconds: .min) == .earliest)
    #expect(Timestamp.latest.adding(milliseconds: 1) == .latest)
    #expect(Timestamp.earliest.adding(milliseconds: -1) == .earliest)
  }

  @Test func `a difference has a sign`() throws {
    let later = Timestamp.earliest.adding(milliseconds: 2)

    #expect(later.microseconds(since: .earliest) == 2_000)
    #expect(Timestamp.earliest.microseconds(since: later) == -2_000)
  }
}
