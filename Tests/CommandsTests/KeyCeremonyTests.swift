import CanonicalJSON
import Foundation
import TestKit
import Testing

/// Recovery keys and the log's key: what is done rarely, and must not fail then.
@Suite struct KeyCeremonyTests {
  /// A ledger with three recovery keys, of which two sign together.
  private func guarded() async throws -> Project {
    let project = try await Project(isInitialized: false)
    let made = await project.run("init tamma --recovery-keys 3")
    try #require(made.status == 0, "\(made.notices)")
    return project
  }

  private func keyids(_ role: String, _ project: Project) async throws -> [String] {
    let keys = await project.run("key list --output jsonl").results.split(separator: "\n")
    return try keys.compactMap { line in
      let key = try #require(JSONValue(parsing: String(line)).objectValue)
      return key["role"] == .string(role) ? key["keyid"]?.stringValue : nil
    }
  }

  @Test func `init says which recovery keys to move, and how many sign together`() async throws {
    let project = try await Project(isInitialized: false)

    let made = await project.run("init tamma --recovery-keys 3")
    let list = try await project.run("key list --output json").json()

    #expect(made.notices.contains("2 of them"))
    for name in ["recovery.pem", "recovery-2.pem", "recovery-3.pem"] {
      #expect(made.notices.contains(name))
    }
    #expect(list["recoveryThreshold"] == 2)
    #expect(try await keyids("recovery", project).count == 3)
    #expect(await project.run("verify").status == 0)
  }

  @Test(arguments: [
    "init tamma --recovery-keys 5", "init tamma --recovery-keys 0",
    "init tamma --recovery-keys 2 --recovery-threshold 3", "init tamma --recovery-threshold none",
  ])
  func `a recovery that could never happen makes no ledger`(line: String) async throws {
    let project = try await Project(isInitialized: false)

    #expect(await project.run(line).status == 64)
    #expect(!FileManager.default.fileExists(atPath: project.file(".stele")))
  }

  @Test func `every key that is made is one that openssl reads`() async throws {
    let project = try await guarded()
    #expect(await project.run("key add --role actor --key ada.pem").status == 0)
    #expect(await project.run("key rotate-log").status == 0)
    let ring = try await project.keyRing()
    let files =
      try FileManager.default.contentsOfDirectory(atPath: ring)
      .filter { $0.hasSuffix(".pem") }.map { ring + "/" + $0 } + [project.file("ada.pem")]

    #expect(files.count == 9)
    for file in files {
      let text = try await TestProgram("openssl", "pkey", "-in", file, "-noout", "-text").text
      #expect(text.hasPrefix("ED25519 Private-Key"))
      let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test func `recovery keys on other machines sign when they are named`() async throws {
    let project = try await guarded()
    let ring = try await project.keyRing()
    for (index, name) in ["recovery.pem", "recovery-2.pem", "recovery-3.pem"].enumerated() {
      try FileManager.default.moveItem(
        atPath: ring + "/" + name, toPath: project.file("safe\(index).pem"))
    }

    let none = await project.run("key add --role recovery --key new.pem")
    let one = await project.run("key add --role recovery --key new.pem --recovery safe0.pem")
    let wrong = await project.run(
      "key add --role recovery --key new.pem --recovery safe0.pem \(ring)/actor.pem")
    let two = await project.run(
      "key add --role recovery --key new.pem --recovery safe0.pem safe2.pem")

    #expect(none.status == 77)
    #expect(none.notices.contains("2 recovery keys have to sign, and 0 are at hand"))
    #expect(one.notices.contains("and 1 are at hand"))
    #expect(wrong.notices.contains("is registered as actor, not recovery"))
    #expect(two.status == 0, "\(two.notices)")
    let first = try #require(try await keyids("recovery", project).first)
    let revoked = await project.run(
      "key revoke \(first) --reason left --recovery safe1.pem safe2.pem")
    #expect(revoked.status == 0, "\(revoked.notices)")
    #expect(await project.run("verify").status == 0)
  }

  @Test func `a lost administrator's key is replaced by recovery keys`() async throws {
    let project = try await guarded()
    let ring = try await project.keyRing()
    let lost = try #require(try await keyids("administrator", project).first)
    let list = try await project.run("key list --output json").json()
    let owner = list["keys"]?.arrayValue?.compactMap(\.objectValue)
      .first { $0["role"] == "administrator" }?["owner"]?.stringValue
    try FileManager.default.removeItem(atPath: ring + "/administrator.pem")

    #expect(await project.run("key add --role actor --key ada.pem").status == 77)
    let added = await project.run(
      "key add --role administrator --key \(ring)/administrator.pem --owner \(owner ?? "") "
        + "--administrator-lost")
    #expect(added.status == 0, "\(added.notices)")
    #expect(await project.run("key revoke \(lost) --reason lost").status == 0)
    #expect(await project.run("key add --role actor --key ada.pem").status == 0)
    #expect(await project.run("verify").status == 0)
  }

  @Test func `who has pinned the old log key follows to the new`() async throws {
    let project = try await Project()
    let old = try #require(
      try await project.run("key list --output json").json()["verifierKey"]?.stringValue)

    let rotated = await project.run("key rotate-log")
    let json = try await project.run("key rotate-log --output json").json()
    #expect(await project.run("config apply development").status == 0)
    let new = try #require(
      try await project.run("key list --output json").json()["verifierKey"]?.stringValue)

    #expect(rotated.status == 0, "\(rotated.notices)")
    #expect(rotated.results.contains("signs checkpoints after position 3"))
    #expect(json["position"] == 5)
    #expect(try await keyids("log", project).count == 3)
    #expect(new != old)
    try project.forgetWhatWasVerified()
    let followed = await project.run("verify --vkey", old)
    #expect(followed.results.hasPrefix("verified"), "\(followed.results)")
    #expect(await project.run("verify --vkey", new).results.hasPrefix("verified"))
  }

  @Test func `a rotation whose old signature was taken away is found`() async throws {
    let project = try await Project()
    #expect(await project.run("key rotate-log").status == 0)
    // 96 bytes each: the administrator's, the new key's, the old one's.
    try project.tamper(
      "UPDATE entry SET signatures = substr(signatures, 1, 192) WHERE position = 3")

    let ran = await project.run("verify")

    #expect(ran.status == 10)
    #expect(ran.results.hasPrefix("✗ entry 3: "), "\(ran.results)")
  }

  @Test func `a doubt lies no further ahead than the ledger`() async throws {
    let project = try await Project()
    let actor = try #require(try await keyids("actor", project).first)

    let ahead = await project.run("key revoke \(actor) --reason compromised --suspect-from 3")

    #expect(ahead.status == 65)
    #expect(ahead.notices.contains("the ledger has 2 entries"))
    let here = await project.run("key revoke \(actor) --reason compromised --suspect-from 2")
    #expect(here.status == 0, "\(here.notices)")
  }
}
