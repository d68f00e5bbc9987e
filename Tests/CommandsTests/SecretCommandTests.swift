import CanonicalJSON
import Foundation
import TestKit
import Testing

@testable import Commands

/// `stele secret`: values go in, and nothing of them comes out.
@Suite struct SecretCommandTests {
  private let project: Project

  init() async throws {
    project = try await Project()
    try project.write(
      "config/environments/staging.yaml",
      Project.development.replacing("name: development", with: "name: staging"))
    try project.write(
      "config/environments/production.yaml",
      Project.development.replacing("name: development", with: "name: production"))
  }

  private func set(
    _ words: String, _ value: String, verb: String = "set"
  ) async -> Project.Ran { await project.run("secret \(verb) \(words)", input: value) }

  private func list(_ environment: String = "staging") async throws -> [JSONObject] {
    let json = try await project.run("secret list \(environment) --output json").json()
    return try #require(json["secrets"]?.arrayValue).compactMap(\.objectValue)
  }

  private func events() async throws -> [JSONObject] {
    try await project.run("log --output jsonl").results.split(separator: "\n")
      .compactMap { try JSONValue(parsing: String($0)).objectValue }
      .filter { $0["kind"]?.stringValue?.hasPrefix("secret.") ?? false }
  }

  /// Every byte of the project, the key ring and what is remembered.
  private func bytesLeft() throws -> Data {
    let root = URL(fileURLWithPath: project.root).deletingLastPathComponent().path
    return try FileManager.default.subpathsOfDirectory(atPath: root).reduce(into: Data()) {
      $0.append(FileManager.default.contents(atPath: "\(root)/\($1)") ?? Data())
    }
  }

  @Test func `a secret is set, listed without its value, and known to the ledger by an HMAC`()
    async throws
  {
    let ran = await set("staging database-password --reason new", "hunter22-hunter22\n")
    let again = await set("staging database-password", "hunter22-hunter22\r\n")
    let shown = await project.run("secret list staging")
    let listed = try await list()
    let events = try await events()

    #expect(ran.status == 0, "\(ran.notices)")
    #expect(ran.results.contains("staging database-password: version 1, at position"))
    #expect(again.results.contains("version 1 has this value already"))
    #expect(shown.results.contains("database-password"))
    #expect(listed.map { $0["name"] } == ["database-password"])
    #expect(listed.map { $0["secretVersion"] } == [1])
    #expect(events.map { $0["kind"] } == ["secret.recipient_added.v1", "secret.set.v1"])
    let data = try #require(events.last?["data"]?.objectValue)
    #expect(data["hmac"]?.stringValue?.count == 64)
    #expect(data["version"] == 1)
    #expect(try bytesLeft().range(of: Data("hunter22".utf8)) == nil)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a new version keeps the ones before it, and a rotation retires them`() async throws {
    for value in ["one", "two"] { _ = await set("staging token", value) }
    let kept = try await list().first?["kept"]
    let rotated = await set("staging token", "three", verb: "rotate")
    let same = await set("staging token", "three", verb: "rotate")
    let stored = try project.text(".stele/secrets/tamma.staging.json")

    #expect(kept == 2)
    #expect(rotated.results.contains("retired: version 1, 2"))
    #expect(try await list().first?["kept"] == 1)
    #expect(same.status == 65)
    #expect(same.notices.contains("the value is the one that token of staging has already"))
    #expect(stored.contains(#""version":3"#))
    #expect(!stored.contains(#""version":2"#))
    #expect(try await events().last?["data"] == ["name": "token", "through": 2])
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a moment of the past has its own versions, and not who uses them now`()
    async throws
  {
    #expect(await project.run("secret list staging").results == "staging has no secret\n")
    _ = await set("staging token", "one")
    let first = try #require(try await list().first?["since"]?.stringValue)
    for name in ["token", "other"] { _ = await set("staging \(name)", "two of \(name)") }

    let then = try await project.run("secret list staging --output json --at", first).json()
    let secrets = try #require(then["secrets"]?.arrayValue).compactMap(\.objectValue)
    let shown = await project.run("secret list staging --at", first)
    let before = await project.run("secret list staging --at 2020-01-01Z")

    #expect(secrets.map { $0["name"] } == ["token"])
    #expect(secrets.map { $0["secretVersion"] } == [1])
    #expect(secrets.allSatisfy { $0["usedBy"] == nil })
    #expect(try await list().allSatisfy { $0["usedBy"] == .array([]) })
    #expect(shown.results.contains("token"))
    #expect(!shown.results.contains("USED BY"))
    #expect(await project.run("secret list staging").results.contains("USED BY"))
    #expect(before.status == 0)
    #expect(before.results == "staging had no secret by then\n")
  }

  @Test func `what was removed is gone, and its versions are never used again`() async throws {
    _ = await set("staging token", "one")
    let removed = await project.run("secret rm staging token --reason unused")
    let twice = await project.run("secret rm staging token")
    let rotated = await set("staging token", "two", verb: "rotate")
    let stored = try project.text(".stele/secrets/tamma.staging.json")
    let back = await set("staging token", "one")

    #expect(removed.status == 0, "\(removed.notices)")
    #expect(twice.status == 65)
    #expect(twice.notices.contains("staging has no secret token"))
    #expect(rotated.status == 65)
    #expect(!stored.contains("token"))
    #expect(back.results.contains("version 2, at position"))
  }

  @Test func `the same value in two environments is a finding, when it is set and later`()
    async throws
  {
    _ = await set("staging token", "the same")
    let second = await set("production token --yes", "the same")
    let listed = try await list("production")
    let doctor = await project.run("doctor")

    #expect(second.status == 0)
    #expect(second.notices.contains("staging token has the same value"))
    #expect(listed.first?["sameAs"] == ["staging token"])
    #expect(doctor.results.contains("token has the value of staging's token"))
    #expect(doctor.results.contains("token has the value of production's token"))
  }

  @Test func `values that are none, and names that are none, are refused before anything`()
    async throws
  {
    let size = try await project.run("verify --output json").json()["size"]
    let empty = await set("staging token", "\n")
    let long = await set("staging token", String(repeating: "x", count: 65_537))
    let named = await set("staging Token", "value")

    #expect(empty.status == 65)
    #expect(empty.notices.contains("the value is empty"))
    #expect(long.status == 65)
    #expect(long.notices.contains("65537 bytes or more, and one may have 65536"))
    #expect(named.status == 64)
    #expect(try await project.run("verify --output json").json()["size"] == size)
  }

  @Test(arguments: ["set", "rotate"])
  func `a value that is an argument is refused and not repeated`(verb: String) async throws {
    let size = try await project.run("verify --output json").json()["size"]
    let one = await set("staging token hunter22-hunter22", "value", verb: verb)
    let two = await set("staging token hunter22 hunter22 --reason new", "value", verb: verb)
    let help = await project.run("secret \(verb) --help")

    for ran in [one, two] {
      #expect(ran.status == 64)
      #expect(ran.notices.contains("stdin"))
      #expect(!(ran.notices + ran.results).contains("hunter22"))
    }
    #expect(!(help.notices + help.results).contains("surplus"))
    #expect(try await project.run("verify --output json").json()["size"] == size)
  }

  @Test func `a value is typed twice where stdin is a terminal`() async throws {
    let typed = await project.run("secret set staging token", hidden: ["hunter22", "hunter22"])
    let differing = await project.run("secret set staging token", hidden: ["hunter22", "hunter2"])

    #expect(typed.status == 0, "\(typed.notices)")
    #expect(differing.status == 64)
    #expect(!differing.notices.contains("hunter"))
  }

  @Test func `in production somebody has to mean it`() async throws {
    let asked = await set("production token", "value")

    #expect(asked.status == 64)
    #expect(asked.notices.contains("--yes"))
  }

  // MARK: Recipients

  @Test func `with a passphrase alone, whoever has it goes on and nobody else`() async throws {
    _ = await set("staging token", "one")
    let words = "correct horse battery"
    let added = await project.run(
      "secret recipient add staging passphrase", hidden: [words, words])
    let removed = await project.run(
      "secret recipient rm staging keyFile", hidden: [words])
    let locked = await set("staging token", "two")
    let wrong = try await passphrase("another passphrase", "secret rotate staging token")
    let right = try await passphrase(words, "secret rotate staging token")

    #expect(added.status == 0, "\(added.notices)")
    #expect(removed.status == 0, "\(removed.notices)")
    #expect(locked.status == 77)
    #expect(locked.notices.contains("open with a passphrase"))
    #expect(wrong.status == 77)
    #expect(wrong.notices.contains("the passphrase is not that of tamma.staging"))
    #expect(right.status == 0, "\(right.notices)")
    #expect(try await list().first?["secretVersion"] == 2)
    let keys = try await project.keyRing() + "/secrets"
    #expect(try FileManager.default.contentsOfDirectory(atPath: keys) == [])
    #expect(await project.run("verify").status == 0)
    #expect(try bytesLeft().range(of: Data(words.utf8)) == nil)
  }

  @Test func `who could open them is of the moment that is asked for`() async throws {
    _ = await set("staging token", "one")
    let first = try #require(try await list().first?["since"]?.stringValue)
    let words = "correct horse battery"
    let added = await project.run(
      "secret recipient add staging passphrase", hidden: [words, words])
    let line = "secret recipient list staging"

    let now = await project.run(line).results
    let then = await project.run("\(line) --at", first).results
    let before = await project.run("\(line) --at 2020-01-01Z")

    #expect(added.status == 0, "\(added.notices)")
    #expect(now.contains("passphrase"))
    #expect(now.contains("tamma.staging.key"))
    #expect(then.contains("keyFile"))
    #expect(!then.contains("passphrase"))
    #expect(!then.contains("tamma.staging.key"))
    #expect(before.status == 0)
    #expect(before.results == "staging had no secret by then\n")
  }

  private func passphrase(_ words: String, _ line: String) async throws -> Project.Ran {
    let directory = try TemporaryDirectory()
    let path = directory.file("passphrase")
    try "\(words)\n".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    return await project.run(line, "--passphrase-file", path, input: "a new value")
  }

  @Test func `a passphrase file that others can read is refused`() async throws {
    _ = await set("staging token", "one")
    try project.write("passphrase", "correct horse battery\n")
    let added = await project.run(
      "secret recipient add staging passphrase --passphrase-file passphrase")

    #expect(added.status == 77)
    #expect(added.notices.contains("it has mode 0644"))
  }

  @Test func `a key of age that others can read is refused, behind a link too`() async throws {
    _ = await set("staging token", "one")
    try project.write("identity", "AGE-SECRET-KEY-1\n")
    try FileManager.default.createSymbolicLink(
      atPath: project.file("link"), withDestinationPath: project.file("identity"))
    for name in ["identity", "link"] {
      let refused = await project.run(
        "secret rotate staging token --identity \(name)", input: "two")
      #expect(refused.status == 77)
      #expect(refused.notices.contains("it has mode 0644"), "\(refused.notices)")
    }
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: project.file("identity"))
    let opened = await project.run("secret rotate staging token --identity link", input: "two")
    let missing = await project.run("secret rotate staging token --identity none", input: "three")

    #expect(opened.status == 0, "\(opened.notices)")
    #expect(missing.status == 77)
  }

  @Test func `a key of age opens what it was added to, in its own environment`() async throws {
    let directory = try TemporaryDirectory()
    let identity = directory.file("identity")
    _ = try await TestProgram("age-keygen", "-o", identity)
    let recipient = try await TestProgram("age-keygen", "-y", identity).text
      .trimmingCharacters(in: .whitespacesAndNewlines)
    _ = await set("staging token", "one")
    _ = await set("development token", "two")
    let added = await project.run("secret recipient add staging \(recipient)")
    let twice = await project.run("secret recipient add staging \(recipient)")
    let both = await project.run("secret recipient add development \(recipient)")
    let removed = await project.run("secret recipient rm staging keyFile")
    let opened = await project.run(
      "secret rotate staging token --identity \(identity)", input: "three")
    let listed = await project.run("secret recipient list staging")
    let last = await project.run("secret recipient rm staging \(recipient)")

    #expect(added.status == 0, "\(added.notices)")
    #expect(twice.status == 65)
    #expect(both.notices.contains("it opens staging as well"))
    #expect(removed.status == 0, "\(removed.notices)")
    #expect(opened.status == 0, "\(opened.notices)")
    #expect(listed.results.contains(recipient))
    #expect(listed.results.contains("development"))
    #expect(last.status == 65)
    #expect(last.notices.contains("nobody else could open"))
    #expect(await project.run("doctor").results.contains("the same age opens development's"))
  }
}
