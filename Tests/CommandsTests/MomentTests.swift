import CanonicalJSON
import Foundation
import Testing

@testable import Commands

/// Reading commands asked about a release, or about a moment of the past.
@Suite struct MomentTests {
  private let project: Project

  /// Two releases, of which the second is configured otherwise.
  init() async throws {
    project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\n# \(words)\n")
      let ran = await project.run("deploy development --build dist/\(words)")
      try #require(ran.status == 0, "\(ran.notices)")
      try project.write(
        "config/environments/development.yaml",
        Project.development.replacing("level: debug", with: "level: info"))
    }
  }

  private func releases() async throws -> [JSONObject] {
    let json = try await project.run("releases development --output json").json()
    return try #require(json["releases"]?.arrayValue).compactMap(\.objectValue)
  }

  /// The time at which the first release was proven.
  private func firstEnd() async throws -> String {
    try #require(try await releases().first?["ended"]?.stringValue)
  }

  private func running(_ selector: String) async throws -> JSONValue? {
    let json = try await project.run("status --output json", selector).json()
    return json["environments"]?.arrayValue?.first?.objectValue?["running"]?.objectValue?["release"]
  }

  @Test func `status is of the moment that is asked for`() async throws {
    let end = try await firstEnd()

    #expect(try await running("development") == 2)
    #expect(try await running("development@\(end)") == 1)
    #expect(try await running("development#1") == 1)
    #expect(try await running("dev~1") == 1)
    #expect(try await running("development#2") == 2)
    let then = await project.run("status", "development@\(end)")
    #expect(then.notices.hasPrefix("as of "))
    #expect(then.results.contains("development#1"))
    let before = await project.run("status", "development@2020-01-01Z")
    #expect(before.results == "nothing had been released by then\n")
    #expect(await project.run("status development#9").status == 65)
    #expect(await project.run("status moon#1").status == 64)
    #expect(await project.run("status", "development@yesterday").status == 64)
  }

  @Test func `a rollout of the past had a driver then, whatever lives now`() async throws {
    let started = try #require(try await releases()[1]["recorded"]?.stringValue)

    let json = try await project.run("status --output json", "development@\(started)").json()
    let place = try #require(json["environments"]?.arrayValue?.first?.objectValue)

    #expect(place["deployment"]?.objectValue?["release"] == 2)
    #expect(place["deployment"]?.objectValue?["driven"] == true)
    #expect(json["asOf"] == .string(started))
    let text = await project.run("status", "development@\(started)").results
    #expect(text.contains("is under way"))
  }

  @Test func `a configuration of the past is the ledger's, today's is the files'`() async throws {
    let end = try await firstEnd()

    let first = try await project.run("config show --output json", "development@\(end)").json()
    let second = try await project.run("config show development#2 --output json").json()
    let files = try await project.run("config show development --output json").json()

    #expect(first["release"] == 1)
    #expect(first["digest"] != second["digest"])
    #expect(second["digest"] == files["digest"])
    #expect(files["release"] == nil)
    let text = await project.run("config show", "development@\(end)").results
    #expect(text.contains("\"debug\"") || text.contains("debug"))
    #expect(await project.run("config show development@2020-01-01Z").status == 65)
    #expect(await project.run("config show moon").status == 64)
  }

  @Test func `releases are all, one, a stretch, or those that there were`() async throws {
    let end = try await firstEnd()
    _ = await project.run("rollback development")

    func numbers(_ selector: String) async throws -> [JSONValue?] {
      let json = try await project.run("releases --output json", selector).json()
      return try #require(json["releases"]?.arrayValue).map { $0.objectValue?["release"] }
    }

    #expect(try await numbers("development") == [1, 2, 3])
    #expect(try await numbers("development#2") == [2])
    #expect(try await numbers("development~1") == [2])
    #expect(try await numbers("development@\(end)") == [1])
    #expect(try await numbers("development#2..dev") == [2, 3])
    #expect(await project.run("releases development#2..development#1").status == 64)
    #expect(await project.run("releases staging..development").status == 64)
    #expect(await project.run("releases development@2020-01-01Z").results.contains("no release"))
  }

  @Test func `two moments are compared, as two words or one`() async throws {
    let end = try await firstEnd()

    let moments = await project.run("diff --output json", "development@\(end)", "development")
    let range = await project.run("diff development#1..development#2 --output json")

    #expect(moments.status == 2, "\(moments.notices)")
    #expect(moments.results == range.results)
    #expect(try moments.json()["difference"]?.arrayValue?.count == 1)
    #expect(await project.run("diff development").status == 64)
  }

  @Test func `before anything has succeeded, what was recorded is compared`() async throws {
    let fresh = try await Project()
    let nothing = await fresh.run("diff development@2020-01-01Z development")
    _ = await fresh.run("config apply development")
    let pending = await fresh.run("diff --output json development@2020-01-01Z development")
    try fresh.write(
      "config/environments/development.yaml",
      Project.development.replacing("level: debug", with: "level: info"))
    _ = await fresh.run("config apply development")
    let first = try await fresh.run("releases development --output json").json()
    let recorded = try #require(
      first["releases"]?.arrayValue?.first?.objectValue?["recorded"]?.stringValue)
    let moments = await fresh.run("diff", "development@\(recorded)..development")
    let same = await fresh.run("diff development development")

    #expect(nothing.status == 3)
    #expect(nothing.results == "")
    #expect(nothing.notices.contains("Nothing was compared: nothing was recorded of either"))
    #expect(pending.status == 2, "\(pending.notices)")
    #expect(pending.notices.contains("nothing has succeeded by then, it is development#1, pending"))
    #expect(try pending.json()["from"] == nil)
    #expect(try pending.json()["to"]?.objectValue?["outcome"] == "pending")
    #expect(moments.status == 2)
    #expect(moments.results.contains("observability.logging.level"))
    #expect(!moments.results.contains("resources"))
    #expect(same.status == 0)
    #expect(await fresh.run("diff development~1 development").status == 65)
    #expect(await fresh.run("diff development#9 development").status == 65)
  }

  @Test func `a recorded value is explained by the entry and the release that have it`()
    async throws
  {
    let path = "observability.logging.level"

    func field(_ selector: String) async throws -> JSONObject {
      let ran = await project.run("config explain \(path) --output json", selector)
      return try #require(try ran.json()["fields"]?.arrayValue?.first?.objectValue)
    }
    let first = try await field("development#1"), newest = try await field("development#2")
    let end = try await firstEnd()

    #expect(first["value"] == "debug")
    #expect(first["release"] == 1)
    #expect(first["position"]?.integerValue != nil)
    #expect(try await field("development@\(end)") == first)
    #expect(newest["value"] == "info")
    #expect(newest["release"] == 2)
    let shown = await project.run("config explain \(path) development#1")
    #expect(shown.results.contains("entry \(first["position"]?.integerValue ?? -1)"))
    let rollout = await project.run("config explain rollout development#1")
    #expect(rollout.results.contains("application.rollout.bakeMs"), "\(rollout.notices)")
    let unknown = await project.run("config explain observability.loging development#1")
    #expect(unknown.status == 64)
    #expect(unknown.notices.contains("Did you mean observability.logging"))
  }

  @Test func `keys, builds and decisions are those of the moment that is asked for`() async throws {
    let end = try await firstEnd()
    _ = await project.run("key add --role actor --key ada.pem")

    func count(_ line: String, _ field: String, _ more: String...) async throws -> Int? {
      let ran = await project.run(line + " --output json " + more.joined(separator: " "))
      #expect(ran.status == 0, "\(line): \(ran.notices)")
      return try ran.json()[field]?.arrayValue?.count
    }
    let keys = try #require(try await count("key list", "keys"))

    #expect(try await count("key list", "keys", "--at", end) == keys - 1)
    #expect(try await count("key list", "keys", "--at", "2020-01-01Z") == 0)
    #expect(await project.run("key list --at 2020-01-01Z").results == "no key yet\n")
    #expect(try await count("builds", "builds") == 2)
    #expect(try await count("builds", "builds", "--at", end) == 1)
    let all = try #require(try await count("access log development", "decisions"))
    let first = try #require(try await count("access log development#1", "decisions"))
    let both = try #require(
      try await count("access log development#1..development#2", "decisions"))
    // A deployment's decision precedes its release.
    #expect(first == 1)
    #expect(both == first)
    #expect(all == both + 1)
  }

  @Test(arguments: [
    "key list", "builds", "access matrix", "access issuer list", "access identity list",
    "secret list development", "secret recipient list development",
  ])
  func `what takes --at takes a time that is over, and nothing else`(line: String) async throws {
    let now = await project.run(line)
    let past = await project.run("\(line) --at 2020-01-01Z")
    let ahead = await project.run("\(line) --at 2999-01-01Z")

    #expect(now.status == 0, "\(now.notices)")
    #expect(past.status == 0, "\(past.notices)")
    #expect(ahead.status == 65)
    #expect(ahead.notices.contains("2999-01-01Z has not come yet"))
    #expect(await project.run("\(line) --at yesterday").status == 64)
  }

  @Test(arguments: [
    "status", "show", "replay", "config show", "config explain all", "rollback --plan --to",
  ])
  func `two moments where one is asked for are refused, with the command for two`(line: String)
    async
  {
    let ran = await project.run(line + " development#1..development#2")

    #expect(ran.status == 64, "\(ran.notices)")
    #expect(ran.notices.contains("stele diff development#1..development#2"), "\(ran.notices)")
  }

  @Test(arguments: [
    "diff development@2999-01-01Z development", "diff development@2999-01-01Z..development",
    "status development@2999-01-01Z", "releases development@2999-01-01Z",
    "replay development@2999-01-01Z", "show development@2999-01-01Z",
    "log development@2999-01-01Z", "config show development@2999-01-01Z",
    "rollback development --plan --to development@2999-01-01Z",
  ])
  func `a time that has not come has no answer`(line: String) async throws {
    let ran = await project.run(line)

    #expect(ran.status == 65)
    #expect(ran.results == "")
    #expect(ran.notices.contains("development@2999-01-01T00:00:00.000000Z has not come yet"))
    #expect(ran.notices.contains("this machine's clock says 20"))
  }

  @Test(arguments: [
    ("replay development#1", 0), ("log development#1", 0), ("releases development", 0),
    ("show development#2", 0), ("diff development#1 development#2", 2),
    ("status development#1", 0), ("config show development#1", 0),
  ])
  func `a copy of the ledger alone answers as the project does`(
    line: String, status: Int32
  ) async throws {
    let copy = project.file("elsewhere/.stele")
    try FileManager.default.createDirectory(
      atPath: project.file("elsewhere"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: project.file(".stele"), toPath: copy)

    let there = await project.run(line, variables: ["STELE_LEDGER": copy])

    #expect(there.status == status, "\(there.notices)")
    #expect(there.results == (await project.run(line)).results)
  }

  @Test func `which of several applications is meant is not guessed`() async throws {
    try project.write(
      "config/application.yaml",
      Project.application.replacing("application: tamma", with: "application: other"))
    let applied = await project.run("config apply development")
    try #require(applied.status == 0, "\(applied.notices)")
    try FileManager.default.removeItem(atPath: project.file("config"))

    let ran = await project.run("releases development")

    #expect(ran.status == 78)
    #expect(ran.notices.contains("the ledger has releases of other, tamma"), "\(ran.notices)")
    let none = try await Project()
    try FileManager.default.removeItem(atPath: none.file("config"))
    #expect(await none.run("releases development").status == 78)
  }

  @Test func `replay and show take a release`() async throws {
    let end = try await firstEnd()

    let replay = try await project.run("replay --output json", "development@\(end)").json()
    let shown = try await project.run("show development#1 --output json").json()

    #expect(replay["deployment"] == (try await releases()[0]["deployment"]))
    #expect(shown["position"] == (try await releases()[0]["position"]))
    #expect(await project.run("show moon").status == 64)
    #expect(await project.run("show development#7").status == 65)
  }
}
