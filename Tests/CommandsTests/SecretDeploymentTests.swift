import CanonicalJSON
import Events
import Foundation
import Platforms
import TestKit
import Testing

@testable import Commands

/// Secrets as a part of releases: which versions run, wait, and come back.
@Suite struct SecretDeploymentTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    for words in ["one", "two"] {
      try project.write("dist/\(words)/orchestrator/serve", "#!/bin/sh\necho \(words)\nexit 0\n")
    }
    try project.write(
      "config/application.yaml",
      Project.application.replacing(
        "    environment:\n",
        with: """
              secrets: {TOKEN: api-token}
              secretFiles: {KEY_FILE: tls-key}
              environment:

          """))
  }

  private func set(_ name: String, _ value: String, verb: String = "set") async throws {
    let ran = await project.run("secret \(verb) development \(name)", input: value)
    try #require(ran.status == 0, "\(ran.notices)")
  }

  /// What the replica that was started last is to get: `api-token 1`.
  private func given() async throws -> [String] {
    try #require(await project.runtimes.platform.started.last?.secrets).map {
      "\($0.variable) \($0.origin.dataText) \($0.version ?? 0) \($0.isFile ? "file" : "variable")"
    }
  }

  @Test func `a release without its secrets is refused before anything is changed`() async throws {
    let missing = await project.run("deploy development --build dist/one")
    try await set("api-token", "one")
    let less = await project.run("deploy development --build dist/one")
    let kinds = await project.run("log --output jsonl").results

    let listed = try await project.run("secret list development --output json").json()
    #expect(listed["secrets"]?.arrayValue?.first?.objectValue?["usedBy"] == ["orchestrator"])
    #expect(missing.status == 78)
    #expect(missing.notices.contains("`stele secret set development api-token`"))
    #expect(missing.notices.contains("`stele secret set development tls-key`"))
    #expect(less.status == 78)
    #expect(!less.notices.contains("api-token"))
    #expect(!kinds.contains("deployment.started"))
    #expect(!kinds.contains("build.recorded"))
  }

  @Test func `versions are a release's own: pending, deployed, and brought back`() async throws {
    try await set("api-token", "one")
    try await set("tls-key", "key")
    let first = await project.run("deploy development --build dist/one")
    let before = try await given()
    try await set("api-token", "two")
    let status = await project.run("status development")
    let json = try await project.run("status development --output json").json()
    let second = await project.run("deploy development --build dist/two")
    let after = try await given()
    let back = await project.run("rollback development")
    let restored = try await given()

    #expect(first.status == 0, "\(first.notices)")
    #expect(before == ["KEY_FILE tls-key 1 file", "TOKEN api-token 1 variable"])
    #expect(status.results.contains("secret     api-token  1 → 2: stele deploy development"))
    let place = json["environments"]?.arrayValue?.first?.objectValue
    #expect(place?["pendingSecrets"] == [["name": "api-token", "running": 1, "wanted": 2]])
    #expect(second.status == 0, "\(second.notices)")
    #expect(after == ["KEY_FILE tls-key 1 file", "TOKEN api-token 2 variable"])
    #expect(back.status == 0, "\(back.notices)")
    #expect(restored == before)
    #expect(
      await project.run("diff development#1 development#2").results
        .contains("secrets.TOKEN.version"))
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a rollback to a retired version says which is given instead`() async throws {
    try await set("api-token", "one")
    try await set("tls-key", "key")
    _ = await project.run("deploy development --build dist/one")
    try await set("api-token", "two", verb: "rotate")
    _ = await project.run("deploy development --build dist/two")
    let plan = try await project.run("rollback development --plan --output json").json()
    let back = await project.run("rollback development")

    #expect(plan["retired"] == [["given": 2, "name": "api-token", "secretVersion": 1]])
    #expect(back.status == 0, "\(back.notices)")
    #expect(back.notices.contains("api-token 1 is retired: 2, the newest, is given instead"))
  }

  @Test func `an agent that nobody can be asked by needs a key file`() async throws {
    try await set("api-token", "one")
    try await set("tls-key", "key")
    let words = "correct horse battery"
    _ = await project.run("secret recipient add development passphrase", hidden: [words, words])
    _ = await project.run("secret recipient rm development keyFile", hidden: [words])
    let ran = await project.run("deploy development --build dist/one")

    #expect(ran.status == 78)
    #expect(ran.notices.contains("`stele secret recipient add development keyFile`"))
  }

  @Test func `a value with a zero byte cannot be a variable`() async throws {
    try await set("api-token", "o\0ne")
    try await set("tls-key", "k\0ey")
    let ran = await project.run("deploy development --build dist/one")

    #expect(ran.status == 78)
    #expect(ran.notices.contains("api-token has a zero byte"))
  }
}
