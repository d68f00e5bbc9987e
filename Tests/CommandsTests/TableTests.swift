import Testing

@testable import Commands

/// What becomes of a table on a terminal that is too narrow for it.
@Suite struct TableTests {
  private static let plain = Style(Terminal(isInteractive: false, hasColour: false))

  private func table() -> Table {
    var table = Table(
      .init("ID", .right), .init("WHAT", .left, .wraps(comfort: 12)),
      .init("WHERE", .left, .cuts(comfort: 12)), .init("WHO", .left, .yields))
    table.add("1", "one thing after another", "config/environments/production", "ada")
    table.add("20", "short", "here", "bob")
    return table
  }

  private func lines(_ columns: Int?) -> [String] {
    table().lines(columns: columns, style: Self.plain)
  }

  @Test func `nothing is cut where there is room, or no terminal`() {
    let whole = [
      "ID  WHAT                     WHERE                           WHO",
      " 1  one thing after another  config/environments/production  ada",
      "20  short                    here                            bob",
    ]
    #expect(lines(nil) == whole)
    #expect(lines(64) == whole)
  }

  @Test func `what is cut gives way first`() {
    #expect(
      lines(50) == [
        "ID  WHAT                     WHERE             WHO",
        " 1  one thing after another  config/environm…  ada",
        "20  short                    here              bob",
      ])
  }

  @Test func `what yields is left out before the rest is uncomfortable, and named`() {
    #expect(
      lines(34) == [
        "ID  WHAT              WHERE",
        " 1  one thing after   config/envi…",
        "    another",
        "20  short             here",
        "no room for WHO: see --output csv",
      ])
  }

  @Test func `no column is less than eight wide, whatever the terminal`() {
    #expect(
      lines(10) == [
        "ID  WHAT", " 1  one", "    thing", "    after", "    another", "20  short",
        "no room", "  for", "  WHERE,", "  WHO: see", "  --output", "  csv",
      ])
  }

  @Test(arguments: 20...70)
  func `no line is wider than a terminal that has room for the least`(columns: Int) {
    #expect(lines(columns).allSatisfy { ShownText($0).width <= columns })
  }

  @Test func `a word too long for its line is broken where words join, or anywhere`() {
    #expect(
      ShownText("deployment/01a2ce8f-9108 x").wrapped(to: 14).map(\.text)
        == ["deployment/", "01a2ce8f-9108", "x"])
    #expect(ShownText("aaaaaa").wrapped(to: 4).map(\.text) == ["aaaa", "aa"])
    #expect(ShownText("  indented words").wrapped(to: 10).map(\.text) == ["  indented", "words"])
    #expect(ShownText("").wrapped(to: 4).map(\.text) == [""])
  }

  @Test func `a colour takes no room and is not torn`() {
    let red = ShownText("\u{1B}[31;1mfailed\u{1B}[0m: it")
    #expect(red.width == 10)
    #expect(red.clipped(to: 9).text == "\u{1B}[31;1mfailed\u{1B}[0m: …")
    #expect(red.wrapped(to: 8).map(\.text) == ["\u{1B}[31;1mfailed\u{1B}[0m:", "it"])
  }

  @Test func `a sentence goes on below its own words, a command to copy is left whole`() {
    let long = "warning  keys: recovery.pem: at keys/of/ada"
    #expect(
      Passage.hanging(long, indent: 9).lines(columns: 30, style: Self.plain)
        == ["warning  keys: recovery.pem:", "         at keys/of/ada"])
    #expect(Passage.line(long).lines(columns: 30, style: Self.plain) == [long])
    #expect(Passage.hanging(long, indent: 9).lines(columns: nil, style: Self.plain) == [long])
  }

  @Test(arguments: [60, 80, 120])
  func `commands fit their tables to the terminal, and to nothing else`(columns: Int) async throws {
    let project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\n# \(words)\n")
      _ = await project.run("deploy development --build dist/\(words)")
    }

    for line in [
      "log", "releases development", "builds", "config show development", "key list", "status",
    ] {
      let ran = await project.run(line, columns: columns)
      // What is to be copied stays whole.
      let lines = ran.results.split(separator: "\n").filter {
        !$0.hasPrefix("verifier key") && !$0.hasPrefix("digest")
      }
      #expect(lines.allSatisfy { $0.count <= columns }, "\(line): \(ran.results)")
    }
    let whole = await project.run("releases development").results
    #expect(whole.hasPrefix("RELEASE        STARTED "))
    #expect(whole.contains("DEPLOYMENT\n"))
    #expect(await project.run("releases development", columns: 200).results == whole)
  }
}
