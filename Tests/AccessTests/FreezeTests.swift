import CanonicalJSON
import Events
import Foundation
import TestKit
import Testing

@testable import Access

/// When an environment is frozen, and until when.
@Suite struct FreezeTests {
  private func window(
    _ cron: String, hours: Int, id: MachineWords = "production/freezeWindows/it"
  ) throws -> FreezeWindow {
    FreezeWindow(id: id, cron: try CronExpression(parsing: cron), durationMinutes: hours * 60)
  }

  private func moment(_ text: String) throws -> Timestamp {
    try Timestamp(parsing: "\(text):00.000000Z")
  }

  private func until(_ windows: FreezeWindow..., at text: String) throws -> String? {
    try Freeze(of: windows, at: moment(text)).map { $0.until?.seconds ?? "never" }
  }

  @Test func `a window is open from its minute on, and no longer at its end`() throws {
    let weekend = try window("0 16 * * 5", hours: 64)

    #expect(try until(weekend, at: "2026-11-27T15:59") == nil)
    #expect(try until(weekend, at: "2026-11-27T16:00") == "2026-11-30 08:00:00Z")
    #expect(try until(weekend, at: "2026-11-29T23:30") == "2026-11-30 08:00:00Z")
    #expect(try until(weekend, at: "2026-11-30T07:59") == "2026-11-30 08:00:00Z")
    #expect(try until(weekend, at: "2026-11-30T08:00") == nil)
    let last = try moment("2026-11-30T08:00").adding(milliseconds: -1)
    #expect(Freeze(of: [weekend], at: last) != nil)
  }

  @Test func `a window may last over midnight, the month and the year`() throws {
    let turn = try window("30 22 31 12 *", hours: 4)

    #expect(try until(turn, at: "2026-12-31T22:29") == nil)
    #expect(try until(turn, at: "2027-01-01T02:29") == "2027-01-01 02:30:00Z")
    #expect(try until(turn, at: "2027-01-01T02:30") == nil)
  }

  @Test func `windows that overlap are one freeze, each with its own end`() throws {
    let night = try window("0 20 * * *", hours: 12, id: "production/freezeWindows/night")
    let sale = try window("0 6 27 11 *", hours: 30, id: "everywhere/freezeWindows/sale")
    let freeze = try #require(Freeze(of: [night, sale], at: moment("2026-11-27T07:00")))

    #expect(
      freeze.windows.map { "\($0.rule.id) \($0.end.seconds)" } == [
        "production/freezeWindows/night 2026-11-27 08:00:00Z",
        "everywhere/freezeWindows/sale 2026-11-28 12:00:00Z",
      ])
    #expect(freeze.until?.seconds == "2026-11-28 12:00:00Z")
  }

  @Test func `a window that begins where another ends goes on with it`() throws {
    let morning = try window("0 8 29 11 *", hours: 4)
    let afternoon = try window("0 12 29 11 *", hours: 4)

    #expect(try until(morning, afternoon, at: "2026-11-29T08:00") == "2026-11-29 16:00:00Z")
  }

  @Test func `a window that is longer than its period is never over`() throws {
    #expect(try until(window("0 0 * * *", hours: 25), at: "2026-11-29T12:00") == "never")
    #expect(try until(window("0 0 * * *", hours: 24), at: "2026-11-29T12:00") == "never")
    #expect(
      try until(window("0 0 * * *", hours: 23), at: "2026-11-29T12:00") == "2026-11-29 23:00:00Z")
  }

  @Test func `29 February comes in leap years, and 31 in seven months`() throws {
    let leap = try window("0 0 29 2 *", hours: 24)
    let last = try window("0 0 31 * *", hours: 24)

    #expect(try until(leap, at: "2028-02-29T12:00") == "2028-03-01 00:00:00Z")
    #expect(try until(leap, at: "2027-03-01T00:00") == nil)
    #expect(try until(leap, at: "2000-02-29T00:00") == "2000-03-01 00:00:00Z")
    let months = (1...12).filter { month in
      let text = month < 10 ? "0\(month)" : "\(month)"
      return (29...31).contains { day in
        (try? until(last, at: "2026-\(text)-\(day)T00:00")) ?? nil != nil
      }
    }
    #expect(months == [1, 3, 5, 7, 8, 10, 12])
  }

  @Test func `nothing was open before 1970, and nothing breaks at the calendar's ends`() throws {
    let always = try window("* * * * *", hours: 2_160)

    #expect(
      Freeze(of: [always], at: .earliest)?.windows.first?.end.seconds == "1970-04-01 00:00:00Z")
    #expect(Freeze(of: [always], at: .latest)?.until == nil)
    #expect(try Freeze(of: [window("1 0 1 1 *", hours: 1)], at: .earliest) == nil)
    #expect(Freeze(of: [], at: .earliest) == nil)
  }

  /// Expressions of every form, at moments beside their edges and anywhere.
  @Test func `a window is open whenever croniter says so`() async throws {
    var random = Dice(5_545)
    var cases: [(cron: String, minutes: Int, moments: [Int])] = []
    while cases.count < 400 {
      let cron = Self.expression(&random)
      // A day that never comes is no expression.
      guard (try? CronExpression(parsing: cron)) != nil else { continue }
      let minutes = 1 + random.below(random.below(4) == 0 ? 129_600 : 3_000)
      cases.append((cron, minutes, (0..<12).map { _ in 26_000_000 + random.below(8_000_000) }))
    }
    let asked = cases.map { one -> JSONValue in
      [
        "cron": .string(one.cron), "minutes": .integer(Int64(one.minutes)),
        "moments": .array(one.moments.map { .integer(Int64($0)) }),
      ]
    }

    let said = try await TestProgram.python(
      ["\(Bundle.module.bundlePath)/Fixtures/cron_windows.py"],
      input: Data(JSONValue.array(asked).canonicalText().utf8))
    let theirs = try JSONDecoder().decode([[Int?]?].self, from: said.output)

    #expect(theirs.count == cases.count)
    #expect(theirs.count { $0 != nil } > 300)
    #expect(theirs.compactMap(\.self).joined().count { $0 != nil } > 1_000)
    #expect(theirs.compactMap(\.self).joined().count { $0 == nil } > 500)
    for case (let one, let ends?) in zip(cases, theirs) {
      let window = FreezeWindow(
        id: "it", cron: try CronExpression(parsing: one.cron), durationMinutes: one.minutes)
      let ours = one.moments.map { minute in
        Timestamp(microseconds: Int64(minute) * 60_000_000 + 59_999_999)
          .flatMap { Freeze(of: [window], at: $0)?.windows.first?.end.microseconds }
          .map { Int($0 / 60_000_000) }
      }
      #expect(ours == ends, "\(one.cron) for \(one.minutes) minutes")
    }
  }

  private static func expression(_ random: inout Dice) -> String {
    [0...59, 0...23, 1...31, 1...12, 0...7].map { field($0, &random) }.joined(separator: " ")
  }

  private static func field(_ range: ClosedRange<Int>, _ random: inout Dice) -> String {
    if random.below(5) < 2 { return "*" }
    return (0...random.below(3)).map { _ in item(range, &random) }.joined(separator: ",")
  }

  private static func item(_ range: ClosedRange<Int>, _ random: inout Dice) -> String {
    let low = range.lowerBound + random.below(range.count)
    let high = low + random.below(range.upperBound - low + 1)
    let step = 1 + random.below(max(1, range.count / 3))
    switch random.below(4) {
    case 0: return "*/\(step)"
    case 1 where low < high: return "\(low)-\(high)/\(min(step, high - low))"
    case 2 where low < high: return "\(low)-\(high)"
    default: return "\(low)"
    }
  }
}
