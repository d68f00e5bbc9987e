import CanonicalJSON
import Events
import Foundation
import Operations
import Platforms
import Projections
import TestKit
import Testing

@testable import Commands

/// `stele drift`, `stele sync` and what `stele status` says of them, as text in and text out.
@Suite struct DriftCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    try project.write("dist/one/orchestrator/serve", "#!/bin/sh\nexit 0\n")
    let deployed = await project.run("deploy development --build dist/one")
    try #require(deployed.status == 0, "\(deployed.notices)")
  }

  private func replica() async throws -> RunningReplica {
    try #require(await project.runtimes.platform.running().first)
  }

  private func accuracy() async throws -> JSONObject {
    let json = try await project.run("status development --output json").json()
    let place = try #require(json["environments"]?.arrayValue?.first?.objectValue)
    return try #require(place["accuracy"]?.objectValue)
  }

  @Test func `no scan is no figure, and one that found nothing is a hundred percent`()
    async throws
  {
    #expect(
      await project.run("status").results
        .contains("  accuracy   never scanned: stele drift development\n"))
    #expect(try await accuracy() == ["next": "stele drift development", "scanned": false])

    let ran = await project.run("drift development")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(
      ran.results.contains(
        #/^accuracy 100 %: (\d+) of \1 leaves run as the ledger has them; no difference\n$/#))
    let status = await project.run("status").results
    #expect(status.contains(#/  accuracy   100 % of \d+ leaves, scanned \d+ s ago\n/#), "\(status)")
    #expect(try await accuracy()["accuracyPpm"] == 1_000_000)
    #expect(try await accuracy()["scanned"] == true)
  }

  @Test func `files, ledger and what runs are three columns`() async throws {
    try project.write(
      "config/environments/development.yaml",
      Project.development.replacing("region: local", with: "region: elsewhere"))
    let instance = try await replica().spec.instance
    let variable = try #require(try await replica().spec.variables["STELE_CONFIGURATION"])
    await project.runtimes.platform.show(
      ["STELE_CONFIGURATION": variable.replacing(#""level":"debug""#, with: #""level":"error""#)],
      of: instance)

    let ran = await project.run("drift development")

    #expect(ran.status == 2, "\(ran.notices)")
    let lines = ran.results.split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    #expect(lines.first == ["WHERE", "LEAF", "FILES", "LEDGER", "RUNNING", "IS"])
    #expect(
      lines.contains([
        "files", "infrastructure.region", "elsewhere", "local", "local", "not", "deployed",
      ]), "\(ran.results)")
    #expect(
      lines.contains([
        "\(instance)", "observability.logging.level", "debug", "debug", "error", "changed",
      ]), "\(ran.results)")
    #expect(ran.results.contains("stele sync development"))
    #expect(ran.results.contains("stele deploy development"))
    let status = await project.run("status").results
    #expect(status.contains(#/  accuracy   98\.\d+ % of \d+ leaves, scanned .* ago, 2 found/#))
    let json = try await project.run("drift development --output json").json()
    #expect(json["new"] == 0)
    #expect(json["findings"]?.arrayValue?.count == 2)
  }

  @Test func `what could not be compared exits 3 and is said`() async throws {
    project.runtimes.silence(.agentNotReached(socket: "agent.sock", reason: "nobody listens"))
    let ran = await project.run("drift development")

    #expect(ran.status == 3, "\(ran.notices)")
    #expect(ran.results.contains("not compared  replicas: The agent was not reached"))
    #expect(ran.results.contains("2 not compared"))
    project.runtimes.silence(nil)
    let again = await project.run("drift development")
    #expect(again.status == 0)
    #expect(again.results.contains("resolved      replicas"))
  }

  @Test func `files that are wrong do not keep what runs from being compared`() async throws {
    try project.write("config/environments/development.yaml", "name: [\n")
    let ran = await project.run("drift development")

    #expect(ran.status == 3, "\(ran.notices)")
    #expect(ran.results.contains("not compared  files: "))
    #expect(ran.results.contains("accuracy 100 %"))
  }

  @Test func `a sync is shown before it is made, and brings everything back`() async throws {
    let instance = try await replica().spec.instance
    await project.runtimes.platform.crash(instance)

    #expect(await project.run("drift development").status == 2)
    let plan = await project.run("sync development --plan")
    #expect(plan.status == 2)
    #expect(plan.results.contains("start  \(instance), and wait until it is well\n"))
    let jsonl = await project.run("sync development --plan --output jsonl").results
    #expect(jsonl.contains(#""action":"replica.start""#))

    let ran = await project.run("sync development")

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.notices.contains("start  \(instance)"))
    #expect(ran.results.contains("brought back to what the ledger says"))
    #expect(ran.results.contains("resolved      \(instance)"))
    #expect(try await replica().spec.instance == instance)
    #expect(await project.run("drift development").status == 0)
    let again = await project.run("sync development --plan")
    #expect(again.status == 0)
    #expect(again.results == "nothing to do: what runs is what the ledger says\n")
    let nothing = try await project.run("sync development --output json").json()
    #expect(nothing["outcome"] == "nothing")
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a sync that fails says where, and exits 1`() async throws {
    let instance = try await replica().spec.instance
    await project.runtimes.platform.crash(instance)
    await project.runtimes.platform.behave(.with { $0.startFailure = "no memory" }) { _ in true }

    let ran = await project.run("sync development")

    #expect(ran.status == 1, "\(ran.notices)")
    #expect(ran.results.contains("NOT brought back: step 1 failed: "))
    #expect(ran.results.contains("Mend that, then try again: stele sync development\n"))
    #expect(ran.results.contains("missing"))
  }

  @Test func `doctor names what was never compared, what was found, and what is old`()
    async throws
  {
    func said() async throws -> JSONObject {
      let json = try await project.run("doctor --output json").json()
      let findings = json["findings"]?.arrayValue?.compactMap(\.objectValue) ?? []
      return try #require(findings.first { $0["area"] == "drift" })
    }
    #expect(try await said()["verdict"] == "warning")
    #expect(try await said()["next"] == "stele drift development")
    _ = await project.run("drift development")
    #expect(try await said()["verdict"] == "ok")
    await project.runtimes.platform.crash(try await replica().spec.instance)
    _ = await project.run("drift development")
    #expect(try await said()["value"]?.stringValue?.contains("3 found") == true)
  }

  @Test(arguments: [
    (1_000_000, "100 %"), (999_999, "99.9999 %"), (993_006, "99.3006 %"), (500_000, "50 %"),
    (990_100, "99.01 %"), (1, "0.0001 %"), (0, "0 %"),
  ])
  func `an accuracy is never shown as more than it is`(ppm: Int, shown: String) {
    #expect(AccuracyView.percent(ppm) == shown)
  }

  @Test(arguments: [
    (0, "0 s"), (119_999, "119 s"), (120_000, "2 min"), (7_200_000, "2 h"),
    (172_800_000, "2 d"),
  ])
  func `an age has the unit that it is read in`(milliseconds: Int, shown: String) {
    #expect(AccuracyView.age(milliseconds) == shown)
  }

  @Test func `a scan of an earlier release is said to be one`() async throws {
    _ = await project.run("drift development")
    try project.write("dist/two/orchestrator/serve", "#!/bin/sh\nexit 1\n")
    let deployed = await project.run("deploy development --build dist/two")
    #expect(deployed.status == 0, "\(deployed.notices)")

    let status = await project.run("status").results

    #expect(status.contains(#/  accuracy   100 % of \d+ leaves, of #1, scanned/#), "\(status)")
  }
}
