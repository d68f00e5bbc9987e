import Events
import Projections
import Testing

/// How people name a release.
@Suite struct SelectorTests {
  @Test(
    arguments: [
      ("production", .goodBefore(0)), ("production~2", .goodBefore(2)),
      ("production#812", .number(812)),
    ] as [(String, Selector.Choice)])
  func `a selector is read and written again`(text: String, choice: Selector.Choice) throws {
    let selector = try Selector(parsing: text)

    #expect(selector == Selector("production", choice))
    #expect(selector.description == text)
  }

  @Test func `nothing before the last is the last`() throws {
    #expect(try Selector(parsing: "production~0") == Selector("production"))
  }

  @Test(arguments: [
    ("2026-11-01Z", "2026-11-01T00:00:00.000000Z"),
    ("2026-11-01T12:30Z", "2026-11-01T12:30:00.000000Z"),
    ("2026-11-01T12:30:15Z", "2026-11-01T12:30:15.000000Z"),
    ("2026-11-01T12:30:15.123456Z", "2026-11-01T12:30:15.123456Z"),
  ])
  func `a time may leave out its end`(given: String, meant: String) throws {
    let selector = try Selector(parsing: "production@\(given)")

    #expect(selector.choice == .time(try Timestamp(parsing: meant)))
    #expect(selector.description == "production@\(meant)")
  }

  @Test(arguments: [
    "", "#1", "Production", "production#", "production#0", "production#01", "production#x",
    "production#1234567890", "production~", "production~-1", "production@", "production@2026-11-01",
    "production@2026-13-01Z", "production@2026-11-01T12Z", "production#1~1", "production 1",
  ])
  func `another text is refused with what to write`(text: String) {
    #expect(
      throws: IdentifierError(
        noun: "release", text: text,
        form: "production, production#812, production~2 or production@2026-11-01T00:00Z")
    ) { try Selector(parsing: text) }
  }

  @Test func `a pair names two releases`() throws {
    let pair = try SelectorRange(parsing: "staging@2026-11-01T12:30:15.123456Z..production~1")

    #expect(pair.from.environment == "staging")
    #expect(pair.to == Selector("production", .goodBefore(1)))
    #expect(pair.description == "staging@2026-11-01T12:30:15.123456Z..production~1")
    #expect(throws: IdentifierError.self) { try SelectorRange(parsing: "staging") }
    #expect(throws: IdentifierError.self) { try SelectorRange(parsing: "staging..") }
    #expect(throws: IdentifierError.self) { try SelectorRange(parsing: "..staging") }
  }

  @Test(
    arguments: [
      (.goodBefore(0), 5), (.goodBefore(1), 3), (.goodBefore(2), 2), (.number(1), 1),
      (.number(4), 4), (.time(Story.time(6)), 3),
    ] as [(Selector.Choice, Int)])
  func `a selector names a release`(choice: Selector.Choice, number: Int) throws {
    let releases = Story.rolledBack.fold(Releases.self)

    let release = try releases.resolve(Selector("production", choice), of: "tamma")
    #expect(release.number == number)
  }

  @Test func `what names no release says what there is`() {
    let releases = Story.rolledBack.fold(Releases.self)
    let cases: [(Selector, SelectorError)] = [
      (Selector("staging"), .noRelease(Story.staging)),
      (
        Selector("production", .number(6)),
        .numberUnknown(Selector("production", .number(6)), latest: 5)
      ),
      (
        Selector("production", .goodBefore(3)),
        .goodReleases(Selector("production", .goodBefore(3)), good: 3)
      ),
      (
        Selector("production", .time(.earliest)),
        .nothingRan(Selector("production", .time(.earliest)))
      ),
    ]

    for (selector, error) in cases {
      #expect(throws: error) { try releases.resolve(selector, of: "tamma") }
    }
  }

  @Test(
    arguments: [
      (
        .noRelease(Story.staging), "Nothing of tamma was ever released into staging.",
        "`stele deploy staging`"
      ),
      (
        .numberUnknown(Selector("production", .number(6)), latest: 5),
        "There is no production#6: the newest is production#5.", "`stele releases production`"
      ),
      (
        .goodReleases(Selector("production", .goodBefore(3)), good: 3),
        "There is no production~3: 3 releases of production succeeded.",
        "`stele releases production`"
      ),
      (
        .nothingRan(Selector("production", .time(.earliest))),
        "There is no production@1970-01-01T00:00:00.000000Z: "
          + "nothing had succeeded in production by then.", "`stele releases production`"
      ),
    ] as [(SelectorError, String, String)])
  func `an error says what is wrong and what to type`(
    error: SelectorError, what: String, command: String
  ) {
    #expect(error.description.hasPrefix(what))
    #expect(error.description.contains(command))
  }
}
