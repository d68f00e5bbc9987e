import CanonicalJSON
import Foundation
import Platforms
import TestKit
import Testing

/// `stele flag`: pending until deployed, given to the application, taken back by a rollback.
@Suite struct FlagCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
    try features("{new-parser: false, \"🧪 beta\": true}")
  }

  private func features(_ text: String, more: String = "") throws {
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("features: {}", with: "features: \(text)")
        .replacing("description: ", with: "description: \(more)"))
  }

  /// What the replica that was started last has got.
  private func given() async throws -> String {
    try #require(await project.runtimes.platform.started.last?.variables["STELE_FLAGS"])
  }

  private func flags(_ words: String = "development") async throws -> [JSONObject] {
    let json = try await project.run("flag list \(words) --output json").json()
    return try #require(json["flags"]?.arrayValue).compactMap(\.objectValue)
  }

  private func size() async throws -> JSONValue? {
    try await project.run("verify --output json").json()["size"]
  }

  @Test func `a flag is pending until it is deployed, and then the application has it`()
    async throws
  {
    _ = await project.run("deploy development --build dist/one")
    let before = try await given()
    let set = await project.run("flag set development new-parser true --reason", "a trial")
    let status = await project.run("status development")
    let json = try await project.run("status development --output json").json()
    let shown = await project.run("config show development")
    let listed = try await flags()
    let deployed = await project.run("deploy development --build dist/one")

    #expect(before == #"[{"name":"new-parser","value":false},{"name":"🧪 beta","value":true}]"#)
    #expect(set.status == 0, "\(set.notices)")
    #expect(set.results.contains("development#2: configuration 2 is recorded and pending"))
    #expect(set.results.contains("`stele deploy development --build "))
    #expect(status.results.contains("flag       new-parser  false → true"))
    let place = json["environments"]?.arrayValue?.first?.objectValue
    #expect(
      place?["pendingFlags"] == [["name": "new-parser", "running": false, "wanted": true]])
    #expect(shown.results.contains("features.new-parser.value"))
    #expect(listed.map { $0["running"] } == [false, true])
    #expect(listed.map { $0["wanted"] } == [true, true])
    #expect(listed.first?["source"] == "stele flag set")
    #expect(deployed.status == 0, "\(deployed.notices)")
    #expect(
      try await given()
        == #"[{"name":"new-parser","value":true},{"name":"🧪 beta","value":true}]"#)
    #expect(await !project.run("status development").results.contains("pending"))
    #expect(await project.run("replay development#3").status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a rollback takes a flag back, for the next deployment too`() async throws {
    _ = await project.run("deploy development --build dist/one")
    _ = await project.run("flag set development new-parser true")
    _ = await project.run("deploy development --build dist/two")
    let with = try await given()
    let back = await project.run("rollback development")
    let without = try await given()
    let diff = await project.run("diff development#3 development#4")
    let again = await project.run("deploy development --build dist/two")

    #expect(with.contains(#""new-parser","value":true"#))
    #expect(back.status == 0, "\(back.notices)")
    #expect(without.contains(#""new-parser","value":false"#))
    #expect(diff.results.contains("features.new-parser.value"))
    #expect(again.status == 0)
    #expect(try await given() == without)
  }

  @Test func `a flag stays over what files and variables say, until it is unset`() async throws {
    _ = await project.run("flag set development new-parser true")
    try features("{new-parser: false}", more: "more of ")
    let variables = ["STELE__FEATURES__NEW_PARSER": "false"]
    let over = await project.run("config show development --output json", variables: variables)
    let explained = await project.run("config explain features.new-parser development")
    let unset = await project.run("flag unset development new-parser")
    let after = try await flags()

    let configuration = try #require(try over.json()["configuration"]?.objectValue)
    #expect(
      configuration["features"] == [["name": "new-parser", "set": true, "value": true]])
    #expect(explained.results.contains("stele flag set"))
    #expect(explained.results.contains("features.new-parser: false in config/environments/"))
    #expect(unset.status == 0, "\(unset.notices)")
    #expect(after.map { $0["wanted"] } == [false])
    #expect(after.first?["source"]?.stringValue?.hasPrefix("config/environments/") == true)
    let twice = await project.run("flag unset development new-parser")
    #expect(twice.status == 65)
    #expect(twice.notices.contains("new-parser is not set in development"))
  }

  @Test func `what a flag is stays, and its value is of the kind`() async throws {
    for line in [
      "flag set development page-size 50 --new", "flag set development page-size 60",
      "flag set development greeting hello --new", "flag set development greeting 5",
      "flag set development version 1.5 --new --type string",
      "flag set development low --new --type integer -- -5",
    ] {
      let ran = await project.run(line)
      #expect(ran.status == 0, "\(line): \(ran.notices)")
    }
    let kinds = try await flags().map { "\($0["name"]!) \($0["type"]!) \($0["wanted"]!)" }
    #expect(
      kinds == [
        #""greeting" "string" "5""#, #""low" "integer" -5"#, #""new-parser" "bool" false"#,
        #""page-size" "integer" 60"#, #""version" "string" "1.5""#, #""🧪 beta" "bool" true"#,
      ])
    _ = await project.run("deploy development --build dist/one")
    #expect(try await given().contains(#"{"name":"greeting","value":"5"}"#))
    #expect(try await given().contains(#"{"name":"low","value":-5}"#))
  }

  static let refusals: [(line: String, words: String)] = [
    ("new-praser true", "no flag has the name new-praser.\nDid you mean new-parser?"),
    ("other true", "A new one is set with --new."),
    ("new-parser yes", "new-parser cannot be \"yes\".\nWrite true or false."),
    ("new-parser 1", "Write true or false."),
    ("new-parser 1 --type integer", "new-parser is bool, and was to be integer."),
    ("size 1.5 --new", "Write true, false or a whole number, or say --type string."),
    ("size off --new", "or say --type string."), ("size 007 --new", "or say --type string."),
    ("size 9007199254740992 --new", "a whole number of at most ±9007199254740991"),
    ("size x --new --type bool", "Write true or false."),
    ("api-token abc --new", "looks like a secret"),
    ("size ghp_0123456789012345678901234567890123456789 --new", "looks like a secret"),
  ]

  @Test(arguments: refusals)
  func `what cannot be meant is refused, and nothing is recorded`(
    line: String, words: String
  ) async throws {
    let before = try await size()
    let ran = await project.run("flag set development \(line)")

    #expect(ran.status == 65)
    #expect(ran.notices.contains(words), "\(ran.notices)")
    #expect(try await size() == before)
  }

  @Test func `a name has to be seen, and a value may be long, not too long`() async throws {
    for (name, value) in [("", "true"), (" a", "true"), ("a\u{1B}", "true")] {
      let ran = await project.run("flag set development", name, value, "--new")
      #expect(ran.status == 65, "\(ran.notices)")
      #expect(ran.notices.contains("No flag was set: its name"))
    }
    let long = String(repeating: "x", count: 201)
    let ran = await project.run("flag set development a", long, "--new")
    #expect(ran.notices.contains("text of at most 200 bytes"))
    #expect(await project.run("flag set mars a true").status == 64)
    #expect(await project.run("flag set development a").status == 64)
  }

  @Test func `a flag of one environment is known in another, and set in its own alone`()
    async throws
  {
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging"))
    _ = await project.run("flag set development page-size 50 --new")
    let other = await project.run("flag set staging page-size many")
    let right = await project.run("flag set staging page-size 20")

    #expect(other.status == 65)
    #expect(other.notices.contains("page-size cannot be \"many\""))
    #expect(right.status == 0, "\(right.notices)")
    #expect(try await flags("staging").map { $0["wanted"] } == [20])
    #expect(try await flags().first { $0["name"] == "page-size" }?["wanted"] == 50)
  }

  @Test func `a flag is put into references, and held against the policy`() async throws {
    try project.write(
      "config/application.yaml",
      Project.application.replacing(
        "PORT: ${PORT}", with: "PARSER: \"new=${features.new-parser}\""))
    try project.write(
      "config/policy.yaml",
      "development: {rules: {beta: {field: features.🧪 beta, is: true}}}\n"
        .replacing("features.🧪 beta", with: "features.new-parser").replacing("true", with: "false")
    )
    let denied = await project.run("flag set development new-parser true")
    try FileManager.default.removeItem(atPath: project.file("config/policy.yaml"))
    _ = await project.run("flag set development new-parser true")
    _ = await project.run("deploy development --build dist/one")

    #expect(denied.status == 4)
    let started = try #require(await project.runtimes.platform.started.last)
    #expect(started.variables["PARSER"] == "new=true")
  }

  @Test func `the same again records nothing`() async throws {
    _ = await project.run("flag set development new-parser true")
    let before = try await size()
    let again = await project.run("flag set development new-parser true")

    #expect(again.status == 0)
    #expect(again.results.contains("nothing to record"))
    #expect(try await size() == before)
  }

  @Test func `a past release has the flags that it had`() async throws {
    _ = await project.run("deploy development --build dist/one")
    _ = await project.run("flag set development new-parser true")
    _ = await project.run("deploy development --build dist/two")
    _ = await project.run("flag unset development new-parser")

    #expect(try await flags("development#1").first?["wanted"] == false)
    #expect(try await flags("development#3").first?["wanted"] == true)
    #expect(try await flags("development#3").first?["source"] == "stele flag set")
    #expect(try await flags("development#1").first?["source"] == "files")
  }

  @Test func `production asks before a flag is set there`() async throws {
    try project.write(
      "config/environments/production.yaml",
      Project.development.replacing("name: development", with: "name: production"))
    let silent = await project.run("flag set production x true --new")
    let typed = await project.run("flag set production x true --new", answer: "production")
    let unset = await project.run("flag unset production x --yes")

    #expect(silent.status == 64)
    #expect(typed.status == 0, "\(typed.notices)")
    #expect(unset.status == 0, "\(unset.notices)")
  }

  @Test func `there are only so many flags`() async throws {
    let ran = await project.run("flag list development --output csv")
    #expect(ran.results.split(separator: "\r\n").count == 3)
    try features("{}")
    #expect(await project.run("flag list development").results == "development has no flag\n")
  }
}
