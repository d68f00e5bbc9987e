import CanonicalJSON
import Events
import Testing

/// The five fields: what is read, and what is refused with which words.
@Suite struct CronExpressionTests {
  @Test(arguments: [
    ("* * * *", "has 4 fields, and it takes 5"),
    ("* * * * * *", "has 6 fields, and it takes 5"),
    ("", "has 0 fields, and it takes 5"),
    ("60 * * * *", "has '60' for the minute, and it takes numbers from 0 to 59"),
    ("* 24 * * *", "has '24' for the hour, and it takes numbers from 0 to 23"),
    ("* * 0 * *", "has '0' for the day of the month, and it takes numbers from 1 to 31"),
    ("* * 32 * *", "has '32' for the day of the month, and it takes numbers from 1 to 31"),
    ("* * * 13 *", "has '13' for the month, and it takes numbers from 1 to 12"),
    ("* * * * 8", "has '8' for the day of the week, and it takes numbers from 0 to 7"),
    ("* * * * FRI", "has 'FRI' for the day of the week, and it takes numbers from 0 to 7"),
    ("-1 * * * *", "has '' for the minute, and it takes numbers from 0 to 59"),
    ("1, * * * *", "has '' for the minute, and it takes numbers from 0 to 59"),
    ("001 * * * *", "has '001' for the minute, and it takes numbers from 0 to 59"),
    ("\u{0661} * * * *", "has '\u{0661}' for the minute, and it takes numbers from 0 to 59"),
    ("* 22-2 * * *", "has the range 22-2, which ends before it begins: write two, with a comma"),
    ("* * * * 6-0", "has the range 6-0, which ends before it begins: write two, with a comma"),
    ("*/0 * * * *", "has the step '0' for the minute, and it takes 1 to 59"),
    ("*/60 * * * *", "has the step '60' for the minute, and it takes 1 to 59"),
    ("*/ * * * *", "has the step '' for the minute, and it takes 1 to 59"),
    ("*/2/2 * * * *", "has the step '2/2' for the minute, and it takes 1 to 59"),
    ("5/15 * * * *", "has a step after one value in '5/15', and it takes * or a range"),
    ("0 0 30 2 *", "names a day that never comes"),
    ("0 0 31 2,4,6,9,11 *", "names a day that never comes"),
  ])
  func `what is no expression is refused with the reason`(text: String, reason: String) {
    #expect {
      try CronExpression(parsing: text)
    } throws: {
      ($0 as? CronFault)?.description == reason
    }
    #expect(CronExpression(dataText: text) == nil)
  }

  @Test func `a text that is too long is refused`() {
    let text = "0 0 * * " + Array(repeating: "1", count: 100).joined(separator: ",")
    #expect(throws: CronFault.self) { try CronExpression(parsing: text) }
  }

  @Test(arguments: ["0 0 30 2 1", "0 0 29 2 *", "0 0 31 2,12 *", "0 0 30 2 */2"])
  func `a day that comes in some year is a day`(text: String) throws {
    #expect(try CronExpression(parsing: text).text == text)
  }

  @Test func `blanks are made one, and only that text is recorded`() throws {
    #expect(try CronExpression(parsing: " 0  16 * *   5 ").text == "0 16 * * 5")
    #expect(CronExpression(dataText: "0 16 * * 5")?.dataText == "0 16 * * 5")
    #expect(CronExpression(dataText: "0  16 * * 5") == nil)
  }

  /// 2026-11-29 is a Sunday.
  @Test(arguments: [
    ("0 12 * * 0", true), ("0 12 * * 7", true), ("0 12 * * 5-7", true), ("0 12 * * 1-6", false),
    ("0 12 29 * 1", true), ("0 12 28 * 0", true), ("0 12 28 * 1", false), ("0 12 28 * *", false),
    ("0 12 28 10 0", false), ("*/30 8-18/2 * * *", true), ("*/30 9-18/2 * * *", false),
    ("1,0 12,13 */2 * *", true), ("0 12 */2 * 1", true), ("0 12 */5 * *", false),
  ])
  func `either of two days is enough, and one that says nothing is no day`(
    text: String, isThen: Bool
  ) throws {
    let noon = try Timestamp(parsing: "2026-11-29T12:00:30.000000Z")
    #expect(
      try (CronExpression(parsing: text).latest(upTo: noon, within: 1) != nil) == isThen)
  }

  @Test func `a window is recorded as a rule of the policy, and no other is read`() throws {
    let window = FreezeWindow(
      id: "production/freezeWindows/weekend", cron: try CronExpression(parsing: "0 16 * * 5"),
      durationMinutes: 3_840, because: "nobody is at work")

    #expect(
      try window.json.canonicalText()
        == #"{"because":"nobody is at work","condition":"outside","field":"time","#
        + #""id":"production/freezeWindows/weekend","#
        + #""value":{"cron":"0 16 * * 5","durationMinutes":3840}}"#)
    #expect(try FreezeWindow(json: window.json) == window)
    for (key, value) in [
      ("condition", JSONValue.string("is")), ("field", "moment"),
      ("value", ["cron": "0 16 * * 5", "durationMinutes": 0]),
      ("value", ["cron": "0 16 * * 5", "durationMinutes": 129_601]),
      ("value", ["cron": "0 16 * * 8", "durationMinutes": 1]),
    ] {
      var data = window.data
      data[key] = value
      #expect(throws: FormFault.self) { try FreezeWindow(data: data) }
    }
  }
}
