import CanonicalJSON
import Foundation
import TestKit
import Testing

/// `stele promote`: the very build that ran healthy elsewhere, and nothing else.
@Suite struct PromoteCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging")
        .replacing("description: ", with: "description: more of "))
  }

  private func policy(_ promotion: String) throws {
    try project.write("config/policy.yaml", "staging: {promotion: \(promotion)}\n")
  }

  private func verdict() async throws -> JSONObject {
    let log = try await project.run("log --kind policy.decided.v1 --output json").json()
    return try #require(log["events"]?.arrayValue?.last?.objectValue?["data"]?.objectValue)
  }

  private func releases(_ environment: String) async throws -> [JSONObject] {
    let json = try await project.run("releases \(environment) --output json").json()
    return try #require(json["releases"]?.arrayValue).compactMap(\.objectValue)
  }

  @Test func `what runs there proven runs here, the same build, and both say so`() async throws {
    _ = await project.run("deploy development --build dist/one")
    _ = await project.run("build dist/two")

    let ran = await project.run("promote development staging --reason", "it held for a week")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.notices.contains("from development#1"))
    #expect(ran.notices.contains("ran healthy as development#1"))
    #expect(ran.notices.contains("It was proven with another configuration:"))
    let (from, to) = (try await releases("development"), try await releases("staging"))
    #expect(to.last?["build"] == from.last?["build"])
    #expect(to.last?["promotes"] == "development#1")
    #expect(await project.run("releases staging").results.contains("promotion of development#1"))
    let verdict = try await verdict()
    #expect(verdict["decision"] == "allow")
    #expect(
      verdict["rules"] == [
        [
          "condition": "provenIn", "field": "build", "id": "staging/promotion",
          "value": "development",
        ]
      ])
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a plan shows it, does nothing and says whether it would go`() async throws {
    _ = await project.run("deploy development --build dist/one")
    let before = try await project.run("verify --output json").json()["size"]

    let ran = await project.run("promote development~0 staging --plan")
    let json = try await project.run("promote development staging --plan --output json").json()

    #expect(ran.status == 2)
    #expect(json["proofs"] == [["environment": "development", "release": 1]])
    #expect(json["promotes"] == "development#1")
    let paths = json["difference"]?.arrayValue?.map { $0.objectValue?["path"] }
    #expect(paths == ["application.components.orchestrator.port", "description", "name"])
    #expect(try await project.run("verify --output json").json()["size"] == before)
  }

  @Test func `a build that never ran healthy there is denied, and the denial recorded`()
    async throws
  {
    _ = await project.run("deploy development --build dist/one")
    project.runtimes.gate.shut()
    let failed = await project.run("deploy development --build dist/two")
    project.runtimes.gate.open()

    let plan = await project.run("promote development#2 staging --plan")
    let ran = await project.run("promote development#2 staging")

    #expect(failed.status != 0)
    #expect(plan.status == 4)
    #expect(plan.results.contains("never ran healthy in development, as the policy wants it"))
    #expect(ran.status == 4)
    #expect(ran.notices.contains("never ran healthy in development"))
    #expect(
      ran.notices.contains(
        "development#2 was to run it and has not proven it; see why: stele replay development#2"))
    let verdict = try await verdict()
    #expect(verdict["decision"] == "deny")
    let violation = verdict["violations"]?.arrayValue?.first?.objectValue
    #expect(violation?["rule"] == "staging/promotion")
    #expect(try await releases("staging").isEmpty)
  }

  @Test func `a plan is denied for whatever the policy denies`() async throws {
    _ = await project.run("deploy development --build dist/one")
    try project.write(
      "config/policy.yaml",
      "staging: {rules: {many: {field: resources.orchestrator.replicas, atLeast: 9}}}\n")

    let plan = await project.run("promote development staging --plan")

    #expect(plan.status == 4)
    #expect(plan.notices.contains("staging/many: resources.orchestrator.replicas is"))
  }

  @Test func `a policy may let an unproven build through`() async throws {
    _ = await project.run("deploy development --build dist/one")
    project.runtimes.gate.shut()
    _ = await project.run("deploy development --build dist/two")
    project.runtimes.gate.open()
    try policy("any")

    #expect(await project.run("promote development#2 staging").status == 0)
  }

  @Test func `a policy may ask every deployment for it`() async throws {
    try policy("required")
    let unproven = await project.run("deploy staging --build dist/one")
    _ = await project.run("deploy development --build dist/one")
    let proven = await project.run("deploy staging --build dist/one")

    #expect(unproven.status == 4)
    #expect(unproven.notices.contains("the policy denies this build of staging"))
    #expect(unproven.notices.contains("Prove it there first: stele deploy development --build "))
    #expect(proven.status == 0, "\(proven.notices)")
    #expect(try await verdict()["decision"] == "allow")
    #expect(try await releases("staging").last?["promotes"] == nil)
  }

  @Test func `where nothing proven runs there is nothing to promote`() async throws {
    let ran = await project.run("promote development staging")

    #expect(ran.status == 1)
    #expect(ran.notices.contains("nothing runs in development that was proven healthy"))
    #expect(await project.run("promote development#9 staging").status == 65)
    #expect(await project.run("promote staging staging").status == 64)
    #expect(await project.run("promote staging nowhere").status == 64)
  }
}
