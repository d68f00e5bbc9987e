import CanonicalJSON
import Foundation
import Platforms
import Rollouts
import TestKit
import Testing

/// `stele deploy`, `rollback`, `recover`, and what shows releases, on a simulated platform.
@Suite struct ReleaseCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    for words in ["one", "two"] {
      try project.write(
        "dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
  }

  @discardableResult
  private func deploy(_ words: String, _ options: String = "") async -> Project.Ran {
    await project.run("deploy development --build dist/\(words) \(options)")
  }

  /// With `rollback.automatic`, as production has it.
  private func rollBackByItself() throws {
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("automatic: false", with: "automatic: true"))
  }

  /// From now on every replica of a build that is not running yet ends soon after its start.
  private func spoilTheNext() async {
    let good = Set(await project.runtimes.platform.running().map(\.spec.build))
    await project.runtimes.platform.behave(.with { $0.endWhenProbed = .status(1) }) {
      !good.contains($0.build)
    }
  }

  @Test func `a first deployment is proven healthy, and shown by every view`() async throws {
    let ran = await deploy("one")
    let status = await project.run("status")
    let json = try await project.run("status development --output json").json()
    let releases = await project.run("releases development")
    let replay = try await project.run("replay development --output json").json()

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.results.hasPrefix("development#1 serves build "), "\(ran.results)")
    #expect(ran.notices.contains("development#1  deployment "))
    #expect(status.results.contains("● development  tamma"))
    #expect(status.results.contains("running    development#1"))
    let place = json["environments"]?.arrayValue?.first?.objectValue
    #expect(place?["running"]?.objectValue?["certainty"] == "proven")
    #expect(place?["pendingConfiguration"] == nil)
    #expect(releases.results.contains("development#1"))
    #expect(releases.results.contains("succeeded"))
    #expect(replay["agrees"] == true)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `before anything was released the views say so`() async throws {
    for (asked, named) in [
      ("", "development"), (" staging", "staging"), (" production", "production"),
    ] {
      #expect(
        await project.run("status" + asked).results
          == "nothing was released yet: stele deploy \(named)\n")
    }
    #expect(await project.run("releases development").results == "development has no release yet\n")
    #expect(await project.run("status moon").status == 64)
    #expect(await project.run("releases moon").status == 64)
    #expect(await project.run("builds").results == "no build yet\n")
    let deploy = await project.run("deploy development")
    #expect(deploy.status == 65)
    #expect(deploy.notices.contains("stele build PATH"))
  }

  @Test func `a build is named by its beginning, and the newest is taken by itself`() async throws {
    let build = try await project.run("build dist/one --output json").json()
    let digest = try #require(build["build"]?.stringValue)

    let newest = await project.run("deploy development")
    let named = await project.run("deploy development --build", digest)
    let short = await project.run("deploy development --build \(digest.dropFirst(7).prefix(12))")
    let unknown = await project.run("deploy development --build 0123456789ab")

    for ran in [newest, named, short] { #expect(ran.status == 0, "\(ran.notices)") }
    #expect(unknown.status == 65)
    let running = await project.run("status --output jsonl").results
    #expect(running.contains(digest))
  }

  @Test func `nothing is built for a deployment that is refused, and the decision is recorded`()
    async throws
  {
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("strategy: rolling", with: "strategy: canary"))
    let refused = await project.run("deploy development --build dist/one")
    let decisions = try await project.run("access log development --output json").json()

    #expect(refused.status == 78, "\(refused.notices)")
    #expect(await project.run("builds").results == "no build yet\n")
    #expect(decisions["decisions"]?.arrayValue?.count == 1)
    #expect(
      decisions["decisions"]?.arrayValue?.first?.objectValue?["action"] == "deployment.start")
  }

  @Test func `a message is for a build that is yet to be made`() async throws {
    _ = await project.run("build dist/one")

    let dropped = await project.run("deploy development --message", "said too late")
    let kept = await project.run("deploy development --build dist/two --message", "said in time")

    #expect(dropped.status == 64)
    #expect(dropped.notices.contains("--reason"), "\(dropped.notices)")
    #expect(kept.status == 0, "\(kept.notices)")
  }

  @Test func `who only plans a rollback may be unsure where`() async throws {
    await deploy("one")
    await deploy("two")
    let variables = ["NODE_ENV": "foo"]

    let plan = await project.run("rollback --plan", variables: variables)
    let change = await project.run("rollback", variables: variables)

    #expect(plan.status == 2, "\(plan.notices)")
    #expect(plan.notices.contains("warning"))
    #expect(change.status == 78)
  }

  @Test func `two releases differ in their build, and exit 2 says so`() async throws {
    await deploy("one")
    await deploy("two")

    let diff = await project.run("diff development~1 development")
    let same = await project.run("diff development development")
    let json = try await project.run("diff development#1 development#2 --output json").json()

    #expect(diff.status == 2, "\(diff.notices)")
    #expect(diff.results.hasPrefix("build  "))
    #expect(same.status == 0)
    #expect(same.results == "no difference\n")
    #expect(json["same"] == false)
    #expect(json["to"]?.objectValue?["release"] == 2)
  }

  @Test func `what undoes a deployment or a rollback brings back what served until then`()
    async throws
  {
    for words in ["one", "two", "three"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
      let ran = await project.run("deploy development --build dist/\(words)")
      let undo = words == "one" ? "See it: stele status" : "Undo: stele rollback development\n"
      #expect(ran.results.contains(undo))
    }

    let back = await project.run("rollback development")
    let undone = await project.run("rollback development --to development#3")

    #expect(back.results.contains("Undo: stele rollback development --to 'development#3'"))
    #expect(undone.status == 0)
    let builds = try await project.run("releases development --output json").json()["releases"]?
      .arrayValue?.map { $0.objectValue?["build"] }
    #expect(builds?[4] == builds?[2])
    // Back to what served all the time: nothing is to be undone.
    project.runtimes.gate.shut()
    _ = await project.run("deploy development --build dist/one")
    project.runtimes.gate.open()
    let held = await project.run("rollback development")
    #expect(held.status == 0, "\(held.notices)")
    #expect(held.results.contains("See it: stele status development"))
  }

  @Test func `a rollback is planned, asked for, and restores the build`() async throws {
    await deploy("one")
    await deploy("two")

    let plan = await project.run("rollback development --plan")
    let planned = try await project.run("rollback development --plan --output json").json()
    let ran = await project.run("rollback development --reason", "for Ada")

    #expect(plan.status == 2, "\(plan.notices)")
    #expect(plan.results.contains("to   what development#1 was"))
    #expect(plan.results.contains("It cannot undo:"))
    #expect(planned["restores"] == 1)
    #expect(planned["running"] == 2)
    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.results.hasPrefix("development#3 serves build "))
    let releases = await project.run("releases development").results
    #expect(releases.contains("rollback of #1"))
    #expect(!(releases + ran.notices).contains("for Ada"))
    #expect(await project.run("rollback development --to development#9").status == 65)
  }

  @Test func `a release that dies is rolled back by itself with exit 7`() async throws {
    try rollBackByItself()
    await deploy("one")
    await spoilTheNext()

    let ran = await deploy("two")
    let json = try await project.run("status --output json").json()

    #expect(ran.status == 7, "\(ran.notices)")
    #expect(ran.results.hasPrefix("Rolled back: "), "\(ran.results)")
    #expect(ran.results.contains("development#1 was; the service is safe"))
    let running = json["environments"]?.arrayValue?.first?.objectValue?["running"]?.objectValue
    #expect(running?["release"] == 3)
    let replay = await project.run("replay development")
    #expect(replay.status == 0)
    #expect(replay.results.contains("every recorded decision follows from the recorded facts"))
  }

  @Test func `a release that dies is held where nothing is automatic`() async throws {
    await deploy("one")
    await spoilTheNext()

    let ran = await deploy("two")
    let status = await project.run("status")

    #expect(ran.status == 1, "\(ran.notices)")
    #expect(ran.results.hasPrefix("Held: "))
    #expect(status.results.contains("look at what runs"))
    #expect(status.results.contains("requests   go to development#1"))
    #expect(status.results.contains("new orchestrator  0 of 1 healthy, 1 ended"))
    let json = try await project.run("status development --output json").json()
    let place = json["environments"]?.arrayValue?.first?.objectValue
    #expect(place?["requests"] == [1])
  }

  @Test func `a first release that dies is stopped`() async throws {
    await spoilTheNext()

    let ran = await deploy("one", "--output json")

    #expect(ran.status == 1, "\(ran.notices)")
    #expect(try ran.json()["outcome"] == "stopped")
  }

  @Test func `jsonl streams the environment's events to the last`() async throws {
    let ran = await deploy("one", "--output jsonl")

    let lines = try ran.results.split(separator: "\n").map {
      try #require(JSONValue(parsing: String($0)).objectValue)
    }
    let kinds = lines.compactMap { $0["kind"]?.stringValue }
    #expect(kinds.count == lines.count)
    #expect(kinds.contains("deployment.started.v1"))
    #expect(kinds.contains("deployment.succeeded.v1"))
    #expect(lines.allSatisfy { $0["environment"] == "development" })
  }

  @Test func `a terminal sees one block that is drawn again`() async throws {
    let ran = await project.run("deploy development --build dist/one", isTerminal: true)

    #expect(ran.status == 0)
    #expect(ran.notices.contains("if nothing happens: "))
    #expect(ran.notices.contains("\u{1B}["))
  }

  @Test func `one step of a replay is shown whole`() async throws {
    await deploy("one")

    let step = await project.run("replay development#1 --step 1")
    let all = await project.run("replay development --output jsonl").results
    let outside = await project.run("replay development --step 999")

    #expect(step.status == 0)
    #expect(step.results.hasPrefix("1. +"))
    #expect(step.results.contains("     entry   "))
    #expect(all.split(separator: "\n").count > 3)
    #expect(outside.status == 64)
    #expect(await project.run("replay 01a2ce8f-9108-73d1-8e3f-b9bf65679957").status == 65)
  }

  @Test func `production is asked about, and only its name is a yes`() async throws {
    try project.write(
      "config/environments/production.yaml",
      Project.development.replacing("name: development", with: "name: production"))
    let line = "deploy production --build dist/one"

    let unasked = await project.run(line)
    let refused = await project.run(line, answer: "yes")
    let agreed = await project.run(line, answer: "production")
    let flagged = await project.run(line + " --yes")

    #expect(unasked.status == 64)
    #expect(unasked.notices.contains("▲ PRODUCTION"))
    #expect(unasked.notices.contains("--yes"))
    #expect(refused.status == 64)
    #expect(agreed.status == 0, "\(agreed.notices)")
    #expect(flagged.status == 0, "\(flagged.notices)")
  }

  @Test func `recovering production is asked about as well`() async throws {
    for line in ["recover production", "recover production --abort"] {
      let unasked = await project.run(line)
      let refused = await project.run(line, answer: "yes")
      let agreed = await project.run(line, answer: "production")
      let flagged = await project.run(line + " --yes")

      #expect(unasked.status == 64)
      #expect(unasked.notices.contains("production was not confirmed"), "\(unasked.notices)")
      #expect(refused.status == 64)
      #expect(agreed.status == 1)
      #expect(flagged.status == 1)
      #expect(flagged.notices.contains("nothing to recover in production"))
    }
  }

  @Test func `a word that is neither a build nor a path is said to be that`() async throws {
    let ran = await project.run("deploy development --build zzzz")

    #expect(ran.status == 64)
    #expect(ran.notices.contains("'zzzz' is taken for a path, and nothing is at "))
    #expect(ran.notices.contains("stele builds"))
    let digits = await project.run("deploy development --build abcdef")
    #expect(digits.status == 65)
    #expect(digits.notices.contains("No build was chosen: 'abcdef' stands for 0 builds"))
  }

  @Test func `what the machine lacks and what nobody drives is said`() async throws {
    let recover = await project.run("recover development")
    project.runtimes.lack("HAProxy is missing")
    let lacking = await deploy("one")

    #expect(recover.status == 1)
    #expect(lacking.status == 69)
    #expect(lacking.notices.contains("HAProxy is missing"))
  }
}
