import CanonicalJSON
import Foundation
import Testing

/// `stele deploy --break-glass` and `stele review`: what cannot wait does not, and others look.
///
/// Rita may break the glass, Ada approves and closes reviews; the founder builds.
@Suite struct BreakGlassCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
    for (name, role) in [("ada", "approver"), ("rita", "responder")] {
      let added = await project.run(
        "key add --role actor --key \(name).pem --grant \(role) --environment all")
      try #require(added.status == 0, "\(added.notices)")
    }
    for words in ["one", "two"] {
      let built = await project.run("build dist/\(words)")
      try #require(built.status == 0, "\(built.notices)")
    }
  }

  private func policy(_ more: String = "", hours: String = "24") throws {
    try project.write(
      "config/policy.yaml",
      """
      development:
        approvals: {quorum: 1, separation: approver}
        freezeWindows: {always: {cron: "* * * * *", durationHours: 2}}
        breakGlass: {reviewWithinHours: \(hours)}
      \(more)
      """)
  }

  private func breakGlass(_ key: String = "--key rita.pem") async -> Project.Ran {
    await project.run("deploy development --break-glass \(key) --reason", "the site is down")
  }

  private func reviews() async throws -> [JSONObject] {
    let ran = await project.run("review list --output json")
    return try #require(try ran.json()["reviews"]?.arrayValue).compactMap(\.objectValue)
  }

  private func close(_ words: String = "1 --finding justified --key ada.pem") async -> Project.Ran {
    await project.run("review close development \(words) --rationale", "it was down")
  }

  @Test func `who may break the glass deploys at once, and a review says what was passed over`()
    async throws
  {
    try policy()
    let denied = await project.run("deploy development")
    let ran = await breakGlass()
    let review = try #require(try await reviews().first)
    let verdicts = await project.run("log --kind policy.decided.v1 --output json")
    let verdict = try #require(try verdicts.json()["events"]?.arrayValue?.last?.objectValue)
    let decided = try #require(verdict["data"]?.objectValue)

    #expect(denied.status == 4)
    #expect(
      denied.notices.contains(
        /What cannot wait: stele deploy development --build [0-9a-f]+ --break-glass --reason WHY/))
    #expect(ran.status == 0, "\(ran.notices)")
    let passed: JSONValue = ["development/freezeWindows/always", "development/approvals"]
    #expect(review["passed"] == passed)
    #expect(review["missed"] == false)
    #expect(review["number"] == 1)
    #expect(review["closed"] == nil)
    #expect(decided["decision"] == "allow")
    #expect(decided["passed"] == passed)
    #expect(decided["violations"] == [])
    #expect(await project.run("review list").results.contains("open"))
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a promotion breaks the glass as a deployment does`() async throws {
    _ = await project.run("deploy development")
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging"))
    try project.write(
      "config/policy.yaml",
      """
      staging:
        approvals: {quorum: 1, separation: approver}
        breakGlass: {reviewWithinHours: 1}
      """)
    _ = await project.run("access grant rita.pem --role responder --environment staging")
    let denied = await project.run("promote development staging")
    let silent = await project.run("promote development staging --break-glass --key rita.pem")
    let ran = await project.run(
      "promote development staging --break-glass --key rita.pem --reason", "the site is down")

    #expect(denied.status == 5)
    #expect(denied.notices.contains("Then: stele promote 'development#1' staging"))
    #expect(
      denied.notices.contains(
        "What cannot wait: stele promote 'development#1' staging --break-glass --reason WHY"))
    #expect(silent.status == 64)
    #expect(ran.status == 0, "\(ran.notices)")
    #expect(try await reviews().map { $0["environment"] } == ["staging"])
    #expect(await project.run("verify").status == 0)
  }

  @Test func `it takes the grant, a reason, and a policy that allows it`() async throws {
    try policy()
    let ada = await breakGlass("--key ada.pem")
    let silent = await project.run("deploy development --break-glass --key rita.pem")
    try project.write(
      "config/policy.yaml", "development: {approvals: {quorum: 1, separation: approver}}\n")
    let unnamed = await breakGlass()
    let plain = await project.run("deploy development --key rita.pem")

    #expect(ada.status == 77)
    #expect(ada.notices.contains("deployment.breakGlass in development is denied"))
    #expect(silent.status == 64)
    #expect(silent.notices.contains("--break-glass needs a reason"))
    #expect(unnamed.status == 4)
    #expect(
      unnamed.notices.contains("config/policy.yaml lets nobody break the glass of development"))
    #expect(plain.status == 77)
    #expect(try await reviews().isEmpty)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `no glass is broken past the rules for a configuration`() async throws {
    try policy("  rules: {strategy: {field: deployment.strategy, is: blue-green}}")
    let ruled = await breakGlass()

    #expect(ruled.status == 4)
    #expect(ruled.notices.contains("development/strategy: deployment.strategy is rolling"))
    #expect(try await reviews().isEmpty)
  }

  @Test func `a review is closed by somebody else, once, with a rationale`() async throws {
    try policy()
    _ = await project.run("access grant rita.pem --role approver --environment all")
    _ = await breakGlass()
    let own = await close("1 --finding justified --key rita.pem")
    let none = await close("2 --finding justified --key ada.pem")
    let empty = await project.run(
      "review close development 1 --finding justified --key ada.pem --rationale", "")
    let closed = await close()
    let again = await close("1 --finding unjustified --key ada.pem")
    let review = try #require(try await reviews().first)

    #expect(own.status == 4)
    #expect(own.notices.contains("you broke the glass of review 1 of development"))
    #expect(none.status == 65)
    #expect(none.notices.contains("development has no review 2"))
    #expect(empty.status == 64)
    #expect(closed.status == 0, "\(closed.notices)")
    #expect(closed.results.contains("closed review 1 of development as justified, at position"))
    #expect(again.status == 65)
    #expect(again.notices.contains("has closed review 1 of development already"))
    #expect(review["closed"]?.objectValue?["finding"] == "justified")
    #expect(await project.run("review list development").results.contains("justified"))
    #expect(await project.run("review list staging").results == "nobody broke the glass\n")
    #expect(await project.run("verify").status == 0)
  }

  @Test func `each use of it is a review of its own`() async throws {
    try policy()
    _ = await breakGlass()
    _ = await close("1 --finding unjustified --key ada.pem")
    _ = await breakGlass()
    let json = await project.run(
      "review close development 3 --finding justified --key ada.pem --output json --rationale", "ok"
    )

    #expect(try await reviews().map { $0["number"] } == [1, 3])
    #expect(try json.json()["number"] == 3)
    #expect(await project.run("verify").status == 0)
  }
}
