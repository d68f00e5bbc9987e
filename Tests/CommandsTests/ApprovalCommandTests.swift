import CanonicalJSON
import Foundation
import Testing

/// `stele approve`, `reject`, `withdraw` and `pending`: nobody's plan goes ahead alone.
///
/// The project's founder builds and deploys, Ada and Bob approve, Carl deploys.
@Suite struct ApprovalCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
    for (name, role) in [("ada", "approver"), ("bob", "approver"), ("carl", "deployer")] {
      let added = await project.run(
        "key add --role actor --key \(name).pem --grant \(role) --environment all")
      try #require(added.status == 0, "\(added.notices)")
    }
    try policy()
  }

  private func policy(_ asked: String = "quorum: 2, separation: approver") throws {
    try project.write("config/policy.yaml", "development: {approvals: {\(asked)}}\n")
  }

  private func deploy(_ words: String = "one", _ more: String = "") async -> Project.Ran {
    await project.run("deploy development --build dist/\(words) \(more)")
  }

  /// The plans that wait.
  private func pending() async throws -> [JSONObject] {
    let ran = await project.run("pending --output json")
    return try #require(try ran.json()["plans"]?.arrayValue).compactMap(\.objectValue)
  }

  private func actor(_ name: String) async throws -> String {
    let check = await project.run(
      "access check \(name).pem approval.give development --output json")
    return try #require(try check.json()["actor"]?.stringValue)
  }

  @Test func `without approvals nothing runs, and the plan is asked for with all that is in it`()
    async throws
  {
    let ran = await deploy()
    let plan = try #require(try await pending().first)
    let digest = try #require(plan["plan"]?.stringValue)

    #expect(ran.status == 5)
    #expect(
      ran.notices.contains(
        "Nothing was deployed: development needs 2 approvals of this plan, and has 0."))
    #expect(ran.notices.contains("plan \(digest)"))
    #expect(
      ran.notices.contains("stele approve development --plan \(digest.dropFirst(7).prefix(12))"))
    #expect(plan["base"] == 0)
    #expect(plan["missing"] == 2)
    #expect(plan["environment"] == "development")
    #expect(plan["approvals"] == [])
    let difference = try #require(plan["difference"]?.arrayValue)
    #expect(difference.count > 20)
    #expect(await project.run("releases development").results.contains("development#1") == false)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `an auditor makes the same digest of what the ledger shows`() async throws {
    _ = await deploy()
    let log = await project.run("log --kind approval.requested.v1 --output json")
    let events = try #require(try log.json()["events"]?.arrayValue)
    let data = try #require(events.first?.objectValue?["data"]?.objectValue)
    try project.write("plan.json", try #require(data["plan"]).canonicalText())
    try project.write("configuration.json", try #require(data["configuration"]).canonicalText())
    func sha256sum(_ file: String) throws -> String {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
      process.arguments = [project.file(file)]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let said = try #require(try pipe.fileHandleForReading.readToEnd())
      return "sha256:" + String(decoding: said, as: UTF8.self).prefix(64)
    }

    #expect(data["digest"]?.stringValue == (try sha256sum("plan.json")))
    #expect(
      data["plan"]?.objectValue?["configuration"]?.stringValue
        == (try sha256sum("configuration.json")))
  }

  @Test func `with a quorum the very plan runs, once, and cites who agreed`() async throws {
    _ = await deploy()
    let first = await project.run("approve development --key ada.pem --comment", "fine with me")
    let one = await deploy()
    let second = await project.run("approve development --key bob.pem --output json")
    let two = await deploy()
    let started = await project.run("log --kind deployment.started.v1 --output json")
    let start = try #require(try started.json()["events"]?.arrayValue?.first?.objectValue)
    let position = try #require(start["position"]?.integerValue)
    let entry = try await project.run("show \(position) --output json").json()

    #expect(first.status == 0, "\(first.notices)")
    #expect(first.results.contains("1 of 2 approvals"))
    #expect(first.notices.contains("brings       build "))
    #expect(first.notices.contains("asked for by "))
    #expect(one.status == 5)
    #expect(one.notices.contains("needs 2 approvals of this plan, and has 1"))
    #expect(one.notices.contains("approved by \(try await actor("ada"))"))
    #expect(try second.json()["missing"] == 0)
    #expect(two.status == 0, "\(two.notices)")
    // The decision, the verdict and two approvals.
    #expect(entry["because"]?.arrayValue?.count == 4)
    #expect(try await pending().isEmpty)
    #expect(await deploy().status == 5)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `an approval is of one plan, and of no other`() async throws {
    try policy("quorum: 1, separation: approver")
    _ = await deploy()
    let approved = try #require(try await pending().first?["plan"]?.stringValue)
    _ = await project.run("approve development --key ada.pem")
    let other = await deploy("two")
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("description: For tests", with: "description: Else"))
    let configured = await deploy()
    try project.write("config/environments/development.yaml", Project.development)
    try policy("quorum: 1, separation: approver, expiryHours: 1")
    let ruled = await deploy()
    try policy("quorum: 1, separation: approver")
    let applied = try await pending()

    #expect(other.status == 5)
    #expect(configured.status == 5)
    #expect(ruled.status == 5)
    #expect(applied.count == 4)
    #expect(applied.first?["plan"] == .string(approved))
    #expect(applied.first?["missing"] == 0)
    #expect(Set(applied.compactMap { $0["plan"]?.stringValue }).count == 4)
    #expect(await deploy().status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a release in between makes it another plan`() async throws {
    try policy("quorum: 1, separation: approver")
    _ = await deploy()
    _ = await project.run("approve development --key ada.pem")
    let applied = await project.run("config apply development")
    let ran = await deploy()

    #expect(applied.status == 0, "\(applied.notices)")
    #expect(ran.status == 5)
    let plans = try await pending()
    #expect(plans.map { $0["base"] } == [1])
    #expect(plans.map { $0["missing"] } == [1])
  }

  @Test func `neither author nor deployer approves, and three differ unless the policy says so`()
    async throws
  {
    try policy("quorum: 1")
    for name in ["administrator", "carl.pem"] {
      let who = name == "carl.pem" ? name : try await project.keyRing() + "/actor.pem"
      _ = await project.run("access grant \(who) --role approver --environment all")
    }
    let alone = await deploy()
    #expect(alone.status == 5)
    #expect(
      alone.notices.contains(
        "you made the build, and development/approvals wants another one to deploy it"))
    #expect(try await pending().isEmpty)

    let builds = try await project.run("builds --output json").json()
    let build = try #require(
      builds["builds"]?.arrayValue?.last?.objectValue?["build"]?.stringValue)
    let line = "deploy development --build \(build) --key carl.pem"
    #expect(await project.run(line).status == 5)
    for key in ["", "--key carl.pem"] {
      let own = await project.run("approve development \(key)")
      #expect(own.status == 4, "\(own.notices)")
      #expect(own.notices.contains("development/approvals wants another one to approve it"))
    }
    #expect(await project.run("approve development --key ada.pem").status == 0)
    #expect(await project.run(line).status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `who is not named does not count`() async throws {
    let ada = try await actor("ada")
    try policy("quorum: 1, separation: approver, approvers: [\(ada)]")
    _ = await deploy()
    let bob = await project.run("approve development --key bob.pem")
    let plan = await project.run("pending development")

    #expect(bob.status == 4)
    #expect(bob.notices.contains("development/approvals names who approves plan"))
    #expect(plan.results.contains("needs        1 of \(ada), each no older than 10080 min"))
    #expect(await project.run("approve development --key ada.pem").status == 0)
    #expect(await deploy().status == 0)
  }

  @Test func `one no stops the plan until it is taken back`() async throws {
    try policy("quorum: 1, separation: approver")
    _ = await deploy()
    _ = await project.run("approve development --key ada.pem")
    let no = await project.run("reject development --key bob.pem --comment", "not today")
    let stopped = await deploy()
    let back = await project.run("withdraw development --key bob.pem")
    let again = await project.run("withdraw development --key bob.pem")

    #expect(no.status == 0, "\(no.notices)")
    #expect(no.results.contains("1 of 1 approvals, rejected"))
    #expect(stopped.status == 5)
    #expect(
      stopped.notices.contains("\(try await actor("bob")) rejected this plan of development"))
    #expect(back.status == 0)
    #expect(again.status == 65)
    #expect(again.notices.contains("you have neither approved nor rejected plan"))
    #expect(await deploy().status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `an approval that is taken back counts no more`() async throws {
    try policy("quorum: 1, separation: approver")
    _ = await deploy()
    _ = await project.run("approve development --key ada.pem")
    _ = await project.run("withdraw development --key ada.pem")

    #expect(await deploy().status == 5)
    #expect(try await pending().map { $0["missing"] } == [1])
  }

  @Test func `who may approve no more is counted no more`() async throws {
    try policy("quorum: 1, separation: approver")
    _ = await deploy()
    _ = await project.run("approve development --key ada.pem")
    _ = await project.run("access suspend ada.pem --environment development")
    let ran = await deploy()

    #expect(ran.status == 5)
    #expect(ran.notices.contains("not counted: \(try await actor("ada")), who may not approve"))
  }

  @Test func `a rollback needs no approval`() async throws {
    try project.write("config/policy.yaml", "staging: {promotion: any}\n")
    _ = await deploy("one")
    _ = await deploy("two")
    try policy()
    let back = await project.run("rollback development")

    #expect(back.status == 0, "\(back.notices)")
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a promotion needs approvals as a deployment does`() async throws {
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging"))
    try project.write(
      "config/policy.yaml", "staging: {approvals: {quorum: 1, separation: approver}}\n")
    _ = await deploy()
    let planned = await project.run("promote development staging --plan")
    let ran = await project.run("promote development staging")
    let plan = try #require(try await pending().first?["plan"]?.stringValue)
    let shown = await project.run("pending staging")
    _ = await project.run("approve staging --key ada.pem")

    #expect(planned.status == 2)
    #expect(planned.results.contains("plan \(plan.dropFirst(7).prefix(12)) needs approvals: 1"))
    #expect(ran.status == 5)
    #expect(shown.results.contains(" of development#1, made by "))
    #expect(await project.run("promote development staging").status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a freeze wins over approvals`() async throws {
    try policy("quorum: 1, separation: approver")
    _ = await deploy()
    _ = await project.run("approve development --key ada.pem")
    try project.write(
      "config/policy.yaml",
      """
      development:
        approvals: {quorum: 1, separation: approver}
        freezeWindows: {always: {cron: "* * * * *", durationHours: 1}}
      """)

    #expect(await deploy().status == 4)
  }

  @Test func `a plan is named by its digest, and a word that is none is refused`() async throws {
    try policy("quorum: 1, separation: approver")
    _ = await deploy("one")
    _ = await deploy("two")
    let plans = try await pending().compactMap { $0["plan"]?.stringValue }
    let many = await project.run("approve development --key ada.pem")
    let none = await project.run("approve development --key ada.pem --plan 0123456789")
    let wrong = await project.run("approve development --key ada.pem --plan latest")
    let one = await project.run("approve development --key ada.pem --plan \(plans[1])")
    let table = await project.run("pending")

    #expect(many.status == 65)
    #expect(many.notices.contains("2 plans of development are meant"))
    #expect(none.status == 65)
    #expect(none.notices.contains("no plan 0123456789 of development waits for approval"))
    #expect(wrong.status == 64)
    #expect(one.status == 0)
    #expect(table.results.contains("0 of 1 approvals"))
    #expect(table.results.contains("1 of 1 approvals"))
    #expect(await deploy("two").status == 0)
    #expect(await project.run("pending").results == "no plan waits\n")
  }

  @Test func `what is approved in production is asked about`() async throws {
    try project.write(
      "config/environments/production.yaml",
      Project.development.replacing("name: development", with: "name: production"))
    try project.write(
      "config/policy.yaml", "production: {approvals: {quorum: 1, separation: approver}}\n")
    _ = await project.run("deploy production --build dist/one --yes")
    let unsaid = await project.run("approve production --key ada.pem", answer: "no")

    #expect(unsaid.status == 64)
    #expect(try await pending().map { $0["missing"] } == [1])
    #expect(await project.run("approve production --key ada.pem", answer: "production").status == 0)
  }

  @Test func `a policy that no longer asks says so in a verdict`() async throws {
    _ = await deploy()
    try FileManager.default.removeItem(atPath: project.file("config/policy.yaml"))

    #expect(await deploy().status == 0)
    let verdicts = await project.run("log --kind policy.decided.v1 --output json")
    let last = try #require(try verdicts.json()["events"]?.arrayValue?.last?.objectValue)
    #expect(last["data"]?.objectValue?["rules"] == [])
    #expect(await project.run("verify").status == 0)
  }
}
