import CanonicalJSON
import Testing

/// `stele log` and `stele show`.
@Suite struct LogCommandTests {
  @Test func `two environments at once are a typing error`() async throws {
    let project = try await Project()
    let ran = await project.run("log staging --environment development")

    #expect(ran.status == 64)
    #expect(ran.notices.contains("are two environments"))
    #expect(await project.run("log staging --environment staging").status == 0)
  }

  @Test func `the table has one line an entry, the newest last`() async throws {
    let project = try await Project()

    let ran = await project.run("log")

    let lines = ran.results.split(separator: "\n")
    #expect(ran.status == 0)
    #expect(lines.count == 3)
    #expect(lines[1].contains("ledger.created, key.registered ×5"))
    #expect(lines[1].contains("ledger/main 1 +5"))
    #expect(lines[2].contains("access.granted"))
  }

  @Test func `jsonl has one object an event, csv a line`() async throws {
    let project = try await Project()

    let lines = await project.run("log --output jsonl").results.split(separator: "\n")
    let csv = await project.run("log --output csv").results
    let json = try await project.run("log --output json").json()

    #expect(lines.count == 7)
    let first = try JSONValue(parsing: String(lines[0])).objectValue
    #expect(first?["kind"] == "ledger.created.v1")
    #expect(first?["data"] == ["recoveryThreshold": 1])
    #expect(
      csv.hasPrefix(
        "actor,at,data,entry,index,kind,position,recorded,stream,streamVersion\r\n"))
    #expect(json["schema"] == "stele.log")
  }

  @Test func `filters keep what matches all of them`() async throws {
    let project = try await Project()
    let newest = try await project.run("log --output json --limit 1").json()
    let actor = try #require(
      newest["events"]?.arrayValue?.first?.objectValue?["actor"]?.stringValue)

    func count(_ filter: String) async -> Int {
      let ran = await project.run("log --output jsonl \(filter)")
      return ran.results.split(separator: "\n").count
    }

    #expect(await count("--limit 1") == 1)
    #expect(await count("--kind key.registered.v1") == 6)
    #expect(await count("--stream ledger/main") == 6)
    #expect(await count("--environment production") == 0)
    #expect(await count("--actor \(actor)") == 7)
    #expect(await count("--from 2020-01-01Z --until 2021-01-01Z") == 0)
    #expect(await count("--from 2020-01-01T00:00Z") == 7)
    #expect(await project.run("log production").results == "no entry matches\n")
  }

  @Test(arguments: [
    ("--kind key.registered.v1", 6, 1), ("--stream ledger/main", 6, 1),
    ("--environment development", 3, 2), ("--actor ACTOR", 9, 3), ("--until 2021-01-01Z", 0, 0),
    ("--from 2020-01-01T00:00Z --until 2100-01-01Z", 10, 4), ("--limit 2", 3, 2),
    ("--environment development --actor ACTOR --limit 1", 2, 1),
  ])
  func `every filter says the same in every format`(
    filter: String, events: Int, entries: Int
  ) async throws {
    let project = try await Project()
    let actor = try #require(
      try await project.run("log --output json --limit 1").json()["events"]?.arrayValue?
        .first?.objectValue?["actor"]?.stringValue)
    #expect(await project.run("config apply development").status == 0)
    let line = "log " + filter.replacing("ACTOR", with: actor)

    let table = await project.run(line).results.split(separator: "\n")
    let json = try await project.run(line + " --output json").json()["events"]?.arrayValue
    let jsonl = await project.run(line + " --output jsonl").results.split(separator: "\n")
    let csv = await project.run(line + " --output csv").results.split(separator: "\r\n")

    #expect(table.count == entries + 1)
    #expect(json?.count == events)
    #expect(jsonl.count == events)
    #expect(csv.count == (events == 0 ? 0 : events + 1))
    let lines = try jsonl.map { line in
      var event = try #require(JSONValue(parsing: String(line)).objectValue)
      #expect(event["schema"] == "stele.event")
      #expect(event["version"] == 1)
      event["schema"] = nil
      event["version"] = nil
      return JSONValue.object(event)
    }
    #expect(lines == json)
  }

  @Test func `a release lists what happened until the next one`() async throws {
    let project = try await Project()
    #expect(await project.run("config apply development").status == 0)
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("level: debug", with: "level: info"))
    #expect(await project.run("config apply development").status == 0)

    func kinds(_ releases: String) async throws -> [String] {
      try await project.run("log --output jsonl", releases).results.split(separator: "\n").map {
        try #require(JSONValue(parsing: String($0)).objectValue?["kind"]?.stringValue)
      }
    }

    #expect(
      try await kinds("development#1")
        == ["configuration.applied.v1", "release.started.v1", "access.decided.v1"])
    #expect(
      try await kinds("development#2") == ["configuration.applied.v1", "release.started.v1"])
    #expect(try await kinds("development#1..development#2").count == 5)
    #expect(try await kinds("development").count == 6)
    let backwards = await project.run("log development#2..development#1")
    #expect(backwards.status == 64)
    #expect(backwards.notices.contains("the other way round"))
    #expect(await project.run("log development#9").status == 65)
  }

  @Test(arguments: [
    "log --limit 0", "log --from yesterday", "log --kind started",
    "log --kind deployment.startd", "log --kind deployment.started.v9",
    "log nowhere#x", "log prodution", "log --environment prodution", "log prodution#1",
  ])
  func `what cannot be meant is a usage error`(line: String) async throws {
    let project = try await Project()

    #expect(await project.run(line).status == 64)
  }

  @Test func `what a table prints can be typed back`() async throws {
    let project = try await Project()
    let row = try #require(
      await project.run("log").results.split(separator: "\n").dropFirst().first)
    let words = row.split(separator: " ").map(String.init)
    let actor = try #require(words.first { $0.wholeMatch(of: /[0-9a-f]{12}/) != nil })

    let listed = await project.run("log --actor \(actor)")
    let from = await project.run("log --from", "\(words[1]) \(words[2])")

    #expect(listed.results.contains(actor))
    #expect(from.status == 0)
    #expect(from.results.contains(words[2]))
    #expect(await project.run("log --from 2026-11-01T00:00:00.5Z").status == 0)
    #expect(await project.run("log --from 2026-11-01T00:00:00.Z").status == 64)
    #expect(await project.run("log --actor ada").status == 65)
  }

  @Test func `an environment that there is not is named with those that there are`() async throws {
    let project = try await Project()

    let typo = await project.run("log prodution")
    let short = await project.run("log prod")

    #expect(typo.results == "")
    #expect(typo.notices.contains("'prodution' is no environment: write one of production (or"))
    #expect(short.status == 0)
    #expect(short.results == "no entry matches\n")
    #expect(await project.run("log --environment dev").status == 0)
  }

  @Test func `what a table leaves out is counted, and nothing else leaves anything out`()
    async throws
  {
    let project = try await Project()
    for level in 0..<26 {
      try project.write(
        "config/environments/development.yaml",
        Project.development.replacing("dataRetention: 30", with: "dataRetention: \(30 + level)"))
      #expect(await project.run("config apply development").status == 0)
    }

    func entries(_ line: String) async throws -> Int {
      let ran = await project.run(line + " --output jsonl")
      #expect(ran.notices == "")
      return Set(
        try ran.results.split(separator: "\n").map {
          try JSONValue(parsing: String($0)).objectValue?["position"]
        }
      ).count
    }
    let table = await project.run("log")
    let range = await project.run("log development#1..development#26")
    let limited = await project.run("log development#1..development#26 --limit 3")

    #expect(table.results.split(separator: "\n").count == 51)
    #expect(table.notices == "4 older ones are left out; all of them: --limit 54\n")
    #expect(try await entries("log") == 54)
    #expect(try await entries("log development#1..development#26") == 51)
    #expect(range.results.split(separator: "\n").count == 52)
    #expect(range.notices == "")
    #expect(limited.results.split(separator: "\n").count == 4)
    #expect(limited.notices == "48 older ones are left out; all of them: --limit 51\n")
  }

  @Test func `an entry is shown by position and by id`() async throws {
    let project = try await Project()

    let shown = await project.run("show 1")
    let json = try await project.run("show 1 --output json").json()
    let id = try #require(json["entry"]?.stringValue)

    #expect(shown.results.contains("entry      1  \(id)"))
    #expect(shown.results.contains("  role  \"administrator\""))
    #expect(shown.results.contains("administrator\n"))
    #expect(json["leaf"]?.stringValue?.count == 64)
    #expect(await project.run("show", id).results == shown.results)
  }

  @Test func `an entry that is not there is said to be missing`() async throws {
    let project = try await Project()

    let outside = await project.run("show 2")

    #expect(outside.status == 65)
    #expect(outside.notices.contains("has no entry 2, it has 2, numbered from 0"))
    #expect(await project.run("show 01a2ce8f-9108-73d1-8e3f-b9bf65679957").status == 65)
    #expect(await project.run("show one").status == 64)
    #expect(await project.run("show 1 --receipt --reveal").status == 64)
  }

  @Test func `a personal value is opened, and the ledger knows who asked`() async throws {
    let project = try await Project()
    let applied = await project.run("config apply development --reason", "for Ada")
    #expect(applied.status == 0, "\(applied.notices)")

    let closed = await project.run("show 3")
    let opened = await project.run("show 3 --reveal")
    let json = try await project.run("show 3 --reveal --output json").json()
    let decided = await project.run("log --kind access.decided.v1 --output jsonl").results

    #expect(!closed.results.contains("for Ada"))
    #expect(opened.status == 0, "\(opened.notices)")
    #expect(opened.results.contains("  revealed /reason  \"for Ada\""))
    #expect(json["revealed"]?.arrayValue?.first?.objectValue?["value"] == "for Ada")
    #expect(decided.split(separator: "\n").count { $0.contains("entry.reveal") } == 2)
  }
}
